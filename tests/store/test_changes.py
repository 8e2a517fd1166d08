"""Changes of several steps are told as what came of them."""

from mailtui.model.event import FolderChanged, FoldersChanged
from mailtui.store.changes import MANY, Changes, Tally, merged


def test_the_last_word_on_a_message_counts() -> None:
    tally = Tally()
    tally.added(1, 10)
    tally.changed(1, 10)
    tally.removed(1, 11)
    tally.added(1, 11)
    tally.added(1, 12)
    tally.removed(1, 12)
    tally.removed(None, 13)
    assert tally.changes().events == (FolderChanged(1, added=(10,), changed=(11,)),)


def test_too_many_are_not_named() -> None:
    tally = Tally()
    for message in range(MANY + 1):
        tally.added(1, message)
    assert tally.changes().events == (FolderChanged(1, many=True),)


def test_several_become_one() -> None:
    one = Changes((FolderChanged(1, added=(5,)), FoldersChanged("work")), (5,))
    two = Changes((FolderChanged(1, removed=(5,)), FoldersChanged("work"), FolderChanged(2, many=True)))
    three = Changes((FolderChanged(2, added=(9,)),), (9,))
    assert merged([one, two, three]) == Changes((FolderChanged(2, many=True), FoldersChanged("work")), (5, 9))
    assert not merged([])
    assert one + three == Changes((*one.events, *three.events), (5, 9))
