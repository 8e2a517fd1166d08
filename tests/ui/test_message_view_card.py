"""What stands above a message: who really sent it comes first and whole."""

from datetime import UTC, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mailtui.model.address import Address
from mailtui.model.message import Flag, Header, Message, Summary
from mailtui.model.part import Body, Part
from mailtui.ui.rows import Now
from mailtui.ui.widgets.message_view_card import Opened, card
from mailtui.ui.widgets.message_view_tones import CardRow, Trim

NOW = Now(1_763_985_600.0, UTC)  # Monday 24 November 2025, 12:00
HOUR, DAY = 3600, 86_400
ANA = Address("Ana Müller", "ana@example.org")
ME = Address("Kim", "kim@example.org")


def message(
    *,
    subject: str = "Budget",
    senders: tuple[Address, ...] = (ANA,),
    to: tuple[Address, ...] = (ME,),
    cc: tuple[Address, ...] = (),
    reply_to: tuple[Address, ...] = (),
    sent: int = int(NOW.seconds) - HOUR,
    received: int = int(NOW.seconds) - HOUR,
    trouble: str = "",
) -> Message:
    header = Header(subject, senders, to, cc, reply_to, sent)
    sender = senders[0] if senders else Address("", "")
    summary = Summary(1, "work", 1, Flag.SEEN, (), received, sender, "", subject, 1000, False)
    return Message(summary, header, 1, trouble)


def shown(opened: Opened | Message, cells: int = 80, now: Now = NOW) -> list[str]:
    whole = opened if isinstance(opened, Opened) else Opened(opened, frozenset({"kim@example.org"}))
    return [text(row) for row in card(whole, cells, now)]


def text(row: CardRow) -> str:
    return "".join(piece.text for piece in row)


def test_subject_sender_with_address_date_with_zone_and_recipients() -> None:
    rows = shown(message(cc=(Address("Olaf", "olaf@example.org"),)))
    assert rows[0] == "Budget"
    assert rows[1].startswith("Ana Müller <ana@example.org>  ")
    assert rows[1].endswith("  Mon 24 Nov, 11:00 +00:00")
    assert cell_len(rows[1]) == 80
    assert rows[2] == "to me  cc Olaf"
    assert set(rows[-1]) == {"─"}


def test_the_date_is_local() -> None:
    east = Now(NOW.seconds, timezone(timedelta(hours=9)))
    assert "20:00 +09:00" in shown(message(), now=east)[1]


def test_a_message_that_took_long_says_when_it_arrived() -> None:
    rows = shown(message(sent=int(NOW.seconds) - 5 * DAY), cells=100)
    assert "(arrived Mon 24 Nov, 11:00)" in " ".join(rows)


def test_a_date_that_no_calendar_holds_is_survived() -> None:
    assert shown(message(sent=2**55))


def test_the_address_is_shown_whole_however_long_the_name_is() -> None:
    long = Address("A" * 200, "real.sender@a-rather-long-host-name.example.org")
    for cells in (100, 60, 40, 20):
        rows = shown(message(senders=(long,)), cells=cells)
        assert long.address in "".join(rows).replace(" ", "")


def test_a_name_that_pretends_to_be_another_address_is_warned_of() -> None:
    rows = shown(message(senders=(Address("boss@bank.example", "evil@evil.example"),)))
    assert any("looks like an address that it is not" in row for row in rows)
    assert any("<evil@evil.example>" in row for row in rows)
    honest = shown(message(senders=(Address("ana@example.org", "ana@example.org"),)))
    assert not any("looks like" in row for row in honest)


def test_several_senders_are_all_named() -> None:
    rows = shown(message(senders=(ANA, Address("", "other@example.org"))))
    assert any("other@example.org" in row for row in rows)
    assert any("names 2 senders" in row for row in rows)


def test_answers_that_go_elsewhere_are_told() -> None:
    rows = shown(message(reply_to=(Address("List", "list@example.org"),)))
    assert "replies to List <list@example.org>" in rows
    assert not any("replies to" in row for row in shown(message(reply_to=(ANA,))))


def test_many_recipients_are_counted() -> None:
    people = tuple(Address(f"Person {number}", f"p{number}@example.org") for number in range(40))
    rows = shown(message(to=people))
    assert rows[2].startswith("to Person 0, Person 1")
    assert " more" in rows[2]


def test_attachments_have_names_and_sizes() -> None:
    root = Part(
        "",
        "multipart/mixed",
        children=(
            Part("1", "text/plain", 100),
            Part(
                "2", "application/pdf", 2_900_000, encoding="base64", disposition="attachment", name="n.pdf"
            ),
            Part("3", "image/png", 2000, disposition="attachment"),
        ),
    )
    opened = Opened(message(), root=root, here=frozenset({"3"}), hints={"parts": "v"})
    (row,) = [row for row in shown(opened) if "n.pdf" in row]
    assert "n.pdf 2.1 MB" in row
    assert "image/png 2.0 kB, ✓ here" in row
    assert row.endswith("v opens and saves")


def test_many_attachments_are_counted() -> None:
    parts = tuple(Part(str(n), "image/png", 9, disposition="attachment", name=f"{n}.png") for n in range(30))
    rows = shown(Opened(message(), root=Part("", "multipart/mixed", children=parts)))
    assert any("+24 more" in row for row in rows)


def test_what_was_not_loaded_is_told() -> None:
    body = Body("x", blocked=3, trackers=1, missing=61_000, trouble="Half of it can't be read.")
    rows = shown(Opened(message(), body=body, hints={"show-whole": "W"}))
    assert "· 3 remote images not loaded, 1 tracker among them." in rows
    assert "· 61 kB of the text are still on the server; W fetches the rest." in rows
    assert "! Half of it can't be read." in rows


def test_headers_that_could_not_be_read_are_told() -> None:
    assert any("no date" in row for row in shown(message(trouble="It has no date.".lower())))


def test_a_long_subject_ends_after_three_rows() -> None:
    opened = Opened(message(subject="word " * 200))
    rows = [row for row in card(opened, 60, NOW) if row[0].trim is Trim.SUBJECT]
    assert len(rows) == 3
    assert text(rows[-1]).endswith("…")


HOSTILE = st.text(st.one_of(st.characters(), st.sampled_from("\x1b\x07\u202e張👨‍👩‍👧שם[/]")), max_size=80)


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE, st.integers(0, 120))
def test_no_row_is_too_wide_or_dangerous(subject: str, name: str, place: str, file: str, cells: int) -> None:
    person = Address(name, place)
    part = Part("1", "image/png", 9, disposition="attachment", name=file)
    opened = Opened(
        message(
            subject=subject, senders=(person,), to=(person, ANA), cc=(person,), reply_to=(ME,), trouble=name
        ),
        root=part,
        body=Body("", blocked=1, trouble=subject),
    )
    for row in card(opened, cells, NOW):
        assert cell_len(text(row)) <= cells
        assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 or sign == "\u202e" for sign in text(row))
