"""Merging events loses nothing that a front needs."""

from hypothesis import given
from hypothesis import strategies as st

from mailtui.link.backlog import MOST, Backlog
from mailtui.model.event import BodyArrived, Event, FolderChanged, FoldersChanged, NewMail, SyncProgressed

messages = st.lists(st.integers(1, 6), unique=True, max_size=3).map(tuple)


@st.composite
def histories(draw: st.DrawFn) -> tuple[set[int], list[FolderChanged]]:
    """Messages of a folder at the start, and changes that are possible one after another."""
    start = set(draw(messages))
    present = set(start)
    changes = []
    for _ in range(draw(st.integers(1, 6))):
        added = [m for m in draw(messages) if m not in present]
        removed = [m for m in draw(messages) if m in present]
        changed = [m for m in draw(messages) if m in present and m not in removed]
        present = (present | set(added)) - set(removed)
        changes.append(FolderChanged(1, tuple(added), tuple(removed), tuple(changed)))
    return start, changes


def merged(events: list[Event]) -> list[Event]:
    backlog = Backlog()
    for event in events:
        backlog.add(event)
    taken = backlog.take()
    assert not backlog
    assert not backlog.take()
    return taken


@given(histories())
def test_the_sum_of_changes_leads_to_the_same_list(history: tuple[set[int], list[FolderChanged]]) -> None:
    start, changes = history
    end = set(start)
    touched: set[int] = set()
    for change in changes:
        end = (end | set(change.added)) - set(change.removed)
        touched |= {*change.added, *change.removed, *change.changed}
    (total,) = merged(list(changes))
    assert isinstance(total, FolderChanged)
    assert (start | set(total.added)) - set(total.removed) == end
    assert touched & start & end == set(total.changed)


def test_many_changes_are_not_named() -> None:
    events: list[Event] = [FolderChanged(1, added=(n,)) for n in range(MOST + 1)]
    assert merged(events) == [FolderChanged(1, many=True)]
    assert merged([FolderChanged(1, many=True), FolderChanged(1, added=(1,))]) == [
        FolderChanged(1, many=True)
    ]


def test_later_news_of_the_same_thing_replaces_earlier_news() -> None:
    events: list[Event] = [SyncProgressed("a", 1, n, 9) for n in range(9)]
    assert merged([*events, FoldersChanged("a"), FoldersChanged("a"), FoldersChanged("b")]) == [
        SyncProgressed("a", 1, 8, 9),
        FoldersChanged("a"),
        FoldersChanged("b"),
    ]


def test_what_can_not_be_merged_is_kept_in_order() -> None:
    events: list[Event] = [BodyArrived(1), NewMail("a", 1, (2,)), BodyArrived(1), NewMail("a", 1, (3,))]
    assert merged(events) == events
