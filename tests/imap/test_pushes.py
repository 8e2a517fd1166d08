"""Pushes are kept in order, and what can't be told to belong to a message is not."""

from hypothesis import given
from hypothesis import strategies as st

from mailtui.imap.pushes import Pushes
from mailtui.imap.types import Alert, Dirty, Exists, Expunged, FlagsPushed, Vanished
from mailtui.model.message import Flag


def heard(*responses: bytes) -> Pushes:
    pushes = Pushes()
    for response in responses:
        pushes.hear(response)
    return pushes


def test_each_response_has_its_meaning() -> None:
    pushes = heard(
        *(b"* 5 EXISTS", b"* 2 expunge", b"* VANISHED 3:5,9", b"* VANISHED (EARLIER) 12"),
        *(
            b"* 1 FETCH (FLAGS (\\Draft) UID 4)",
            b"* 1 RECENT",
            b"* FLAGS ()",
            b"* LIST () NIL a",
            b"* 3 FETCH (UID 3)",
        ),
    )
    assert pushes.take() == [
        Exists(5),
        Expunged(2),
        Vanished(((3, 5), (9, 9))),
        Vanished(((12, 12),), earlier=True),
        FlagsPushed(4, Flag.DRAFT, ()),
    ]
    assert pushes.take() == []


def test_numbers_that_can_not_be_make_the_folder_dirty() -> None:
    for line in (
        b"* 0 EXPUNGE",
        b"* 99999999999 EXISTS",
        b"* 5000000000 EXISTS",
        b"* VANISHED *",
        b"* 0 FETCH (FLAGS ())",
    ):
        assert heard(line).take() in ([Dirty()], []), line
    assert heard(b"* 5000000000 EXISTS").take() == [Dirty()]


def test_sequence_numbers_move_up_as_messages_go() -> None:
    pushes = heard(b"* 5 FETCH (FLAGS ())", b"* 9 FETCH (FLAGS ())", b"* 2 FETCH (FLAGS ())", b"* 2 EXPUNGE")
    assert pushes.loose == {4, 8}
    assert pushes.take() == [Expunged(2), Dirty()]
    assert not pushes.loose


def test_too_many_are_one_dirty_folder_and_alerts_survive() -> None:
    pushes = heard(*(b"* %d EXISTS" % number for number in range(1, 10_500)))
    pushes.alert(b"listen")
    taken = pushes.take()
    assert taken[0] == Dirty()
    assert taken[-1] == Alert("listen")
    many = heard(*(b"* %d FETCH (FLAGS ())" % number for number in range(1, 1_500)))
    assert many.take() == [Dirty()]


def test_leaving_a_folder_forgets_what_was_said_about_it() -> None:
    pushes = heard(b"* 5 EXISTS", b"* 2 FETCH (FLAGS ())")
    pushes.leave_folder()
    assert pushes.take() == []


@given(st.binary(max_size=60))
def test_it_never_raises(junk: bytes) -> None:
    heard(junk, b"* " + junk, b"* 5 " + junk, b"* 5 FETCH (" + junk + b")", b"* VANISHED " + junk).take()
