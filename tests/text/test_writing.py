"""What is sent: byte for byte right, folded, without a Bcc and without a way to smuggle a header in."""

import base64
import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from mailtui.model.draft import Attachment, Draft
from mailtui.model.trouble import Trouble
from mailtui.text import fields, headers, source, writing
from mailtui.text.sanitize import file_name, line
from mailtui.text.transfer import decode
from tests.text.safety import hostile

ACCOUNT = Account(
    "work", Address("Kim Lee", "kim@example.org"), Server("imap.example.org", 993, Security.TLS, "kim")
)
DRAFT = Draft(
    "1", "work", "Kim Lee <kim@example.org>", to="ana@example.org", subject="Hello", body="Hi Ana,\n\nbye\n"
)
WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1)))
FILES = {
    "/a.txt": b"contents",
    "/empty": b"",
    "/m.eml": b"Subject: x\r\n\r\nhello\r\n",
    "/8.eml": b"Subject: \xff\n\nx",
}


def build(draft: Draft) -> writing.Written:
    return writing.build(
        draft,
        account=ACCOUNT,
        message_id="<1@example.org>",
        date=WHEN,
        boundary="=_b",
        read=FILES.__getitem__,
    )


def test_a_plain_message_to_the_byte() -> None:
    assert build(DRAFT).source == (
        b"Date: Fri, 2 Jan 2026 03:04:05 +0100\r\n"
        b"From: Kim Lee <kim@example.org>\r\n"
        b"To: ana@example.org\r\n"
        b"Subject: Hello\r\n"
        b"Message-ID: <1@example.org>\r\n"
        b"MIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=us-ascii\r\n"
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"\r\n"
        b"Hi Ana,\r\n\r\nbye\r\n"
    )


def test_everyone_is_a_recipient_once_and_bcc_is_in_no_header() -> None:
    written = build(
        replace(DRAFT, to="Ana <ana@example.org>, b@example.org", cc="ANA@example.org", bcc="c@example.org")
    )
    assert written.recipients == ("ana@example.org", "b@example.org", "c@example.org")
    assert b"c@example.org" not in written.source


def test_only_hidden_recipients() -> None:
    written = build(replace(DRAFT, to="", bcc="c@example.org"))
    assert b"\r\nTo: undisclosed-recipients:;\r\n" in written.source


def test_a_message_to_nobody_is_refused() -> None:
    with pytest.raises(Trouble, match="no recipient"):
        build(replace(DRAFT, to=" "))
    with pytest.raises(Trouble, match="not an address"):
        build(replace(DRAFT, to="ana"))


def test_an_answer_names_what_it_answers_and_keeps_the_thread_short() -> None:
    references = tuple(f"<{n}@example.org>" for n in range(100))
    raw = build(replace(DRAFT, in_reply_to="<99@example.org>", references=references)).source
    header = headers.decode(raw)
    assert header.in_reply_to == "<99@example.org>"
    assert header.references == (references[0], *references[-writing.MAX_REFERENCES + 1 :])


def test_attachments_come_back_as_they_were() -> None:
    attachments = (
        Attachment("/a.txt", "Übersicht März.txt", "text/plain"),
        Attachment("/empty", "x" * 200 + ".bin", "no type"),
        Attachment("/m.eml", "m.eml", "message/rfc822"),
        Attachment("/8.eml", "8.eml", "message/rfc822"),
    )
    raw = build(replace(DRAFT, attachments=attachments)).source
    found = source.parse(raw)
    leaves = found.root.children
    assert [leaf.type for leaf in leaves] == [
        "text/plain",
        "text/plain",
        "application/octet-stream",
        "message/rfc822",
        "application/octet-stream",
    ]
    assert [leaf.name for leaf in leaves[1:]] == ["Übersicht März.txt", "x" * 200 + ".bin", "m.eml", "8.eml"]
    octets = [decode(found.body(leaf), leaf.encoding) for leaf in leaves]
    assert octets == [b"Hi Ana,\r\n\r\nbye\r\n", *FILES.values()]


def test_an_attached_message_may_hold_our_boundary() -> None:
    raw = writing.build(
        replace(DRAFT, attachments=(Attachment("/x", "x.eml", "message/rfc822"),)),
        account=ACCOUNT, message_id="<1@x>", date=WHEN, boundary="b", read=lambda _: b"--b--\r\n--b\r\n",
    ).source  # fmt: skip
    assert len(source.parse(raw).root.children) == 2


def test_a_missing_attachment_is_named(tmp_path: Path) -> None:
    draft = replace(DRAFT, attachments=(Attachment(str(tmp_path / "gone.pdf"), "gone.pdf"),))
    with pytest.raises(Trouble, match=r"gone\.pdf"):
        writing.build(draft, account=ACCOUNT, message_id="<1@x>", date=WHEN, boundary="b")


def test_attachments_are_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(range(256)))
    draft = replace(DRAFT, attachments=(Attachment(str(path), "a.bin"),))
    raw = writing.build(draft, account=ACCOUNT, message_id="<1@x>", date=WHEN, boundary="b").source
    assert base64.encodebytes(bytes(range(256))).replace(b"\n", b"\r\n") in raw


def test_the_message_id_is_of_the_senders_domain() -> None:
    assert writing.message_id("kim@exämple.org", "t") == "<t@xn--exmple-cua.org>"
    assert writing.message_id("kim@[::1]", "t") == "<t@localhost>"


def test_addresses_beyond_ascii() -> None:
    written = build(replace(DRAFT, to="Jörg <jörg@exämple.org>, kim@exämple.org"))
    assert written.recipients == ("jörg@xn--exmple-cua.org", "kim@xn--exmple-cua.org")
    assert headers.decode(written.source).to[0] == Address("Jörg", "jörg@xn--exmple-cua.org")


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: evil@example.org", "x\nX: y", "x\r\n\r\nbody", "x\x00y", "x\u2028Y: z"]
)
def test_no_field_of_a_draft_can_begin_another(evil: str) -> None:
    draft = replace(
        DRAFT,
        sender=f'"{evil}" <kim@example.org>',
        to=f'"{evil}" <ana@example.org>',
        subject=evil,
        in_reply_to=f"<{evil}@x>",
        references=(f"<{evil}@x>",),
        attachments=(Attachment("/a.txt", evil, f"text/plain; {evil}"),),
    )
    parsed = email.message_from_bytes(build(draft).source)
    assert set(parsed.keys()) == {
        "Date",
        "From",
        "To",
        "Subject",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
    }
    for part in parsed.walk():
        assert set(part.keys()) <= {*parsed.keys(), "Content-Transfer-Encoding", "Content-Disposition"}


@given(hostile)
def test_subjects_come_back(text: str) -> None:
    field = fields.text_field("Subject", text)
    wanted = line(text).strip()
    assert headers.decode(field.encode("utf-8", "replace")).subject == wanted
    assert_well_folded(field)


@given(st.text(min_size=1, max_size=400, alphabet=st.characters(exclude_categories=["C", "Z", "M"])))
def test_subjects_come_back_through_another_reader(text: str) -> None:
    field = fields.text_field("Subject", text)
    parsed = email.message_from_bytes(field.encode() + b"\r\n", policy=email.policy.default)
    if line(text) == text:
        assert str(parsed["Subject"]) == text.strip()


@given(st.lists(hostile, max_size=8))
def test_names_come_back(names: list[str]) -> None:
    people = [Address(line(name, 200).strip(), f"a{at}@example.org") for at, name in enumerate(names)]
    field = fields.address_field("To", people)
    found = headers.decode(field.encode("utf-8", "replace")).to
    assert [person.address for person in found] == [person.address for person in people]
    assert_well_folded(field)


@given(hostile)
def test_file_names_come_back(name: str) -> None:
    field = fields.file_field("Content-Disposition", "attachment", "filename", name)
    raw = b"Content-Type: a/b\r\n" + field.encode() + b"\r\n"
    assert source.parse(raw).root.name == file_name(name)
    assert_well_folded(field)


@given(hostile)
def test_bodies_come_back(text: str) -> None:
    raw = build(replace(DRAFT, body=text)).source
    found = source.parse(raw)
    octets = decode(found.body(found.root), found.root.encoding)
    assert all(len(row) <= 998 for row in raw.split(b"\r\n"))
    assert raw.isascii()
    assert b"\x1b" not in octets


@pytest.mark.parametrize(
    "body",
    [
        "Grüße\n",
        "a\u200db\n",
        "x" * 3000 + "\n",
        "trailing \n-- \nKim\n",
        ".\n..\nFrom me\n",
        "会議" * 300 + "\n",
    ],
)
def test_bodies_are_kept_to_the_byte(body: str) -> None:
    raw = build(replace(DRAFT, body=body)).source
    found = source.parse(raw)
    octets = decode(found.body(found.root), found.root.encoding)
    assert octets == body.replace("\n", "\r\n").encode()


def assert_well_folded(field: str) -> None:
    assert field.endswith("\r\n")
    rows = field[:-2].split("\r\n")
    assert all(row.strip() for row in rows)
    assert all(row.startswith(" ") for row in rows[1:])
    assert all(len(row) <= 998 for row in rows)
    assert not set("\r\n") & set(field.replace("\r\n", ""))


RAW = b"""\
From: kim@example.org
To: ana@example.org
Bcc: b@example.org,
 c@example.org
Subject: Hi

Bcc: text
"""


def test_a_finished_message_loses_its_bcc_and_keeps_the_rest() -> None:
    raw = writing.raw_message(RAW)
    assert raw.source == b"From: kim@example.org\r\nTo: ana@example.org\r\nSubject: Hi\r\n\r\nBcc: text\r\n"
    assert raw.recipients == ("ana@example.org", "b@example.org", "c@example.org")
    assert (raw.message_id, raw.subject) == ("", "Hi")


def test_a_finished_message_gets_what_it_lacks() -> None:
    raw = writing.raw_message(RAW, message_id="<1@x>", date=datetime(2026, 1, 2, tzinfo=UTC))
    assert raw.source.startswith(b"Date: Fri, 2 Jan 2026 00:00:00 +0000\r\nMessage-ID: <1@x>\r\nFrom:")
    assert raw.message_id == "<1@x>"
    again = writing.raw_message(raw.source, message_id="<2@x>", date=WHEN)
    assert again.source == raw.source


def test_a_finished_message_without_sender_is_refused() -> None:
    with pytest.raises(Trouble, match="From"):
        writing.raw_message(b"To: a@example.org\n\nx")


def test_a_draft_for_the_server_is_kept_however_unfinished() -> None:
    files = (Attachment("/gone", "gone.txt"), Attachment("/there", "there.txt", "text/plain"))

    def read(path: str) -> bytes:
        if path == "/gone":
            raise Trouble("It is gone.")
        return b"there"

    written = Draft(
        "d", "work", "", to="bob, ü", cc="", bcc="eve@example.org", body="Half", attachments=files
    )
    source = writing.build_draft(
        written, account=ACCOUNT, message_id="<1@x>", date=WHEN, boundary="b", read=read
    )
    message = email.message_from_bytes(source, policy=email.policy.default)
    assert str(message["To"].groups[0].display_name) == "bob, ü"
    assert message["Bcc"] == "eve@example.org"
    assert message["Message-ID"] == "<1@x>"
    assert "Cc" not in message
    assert [part.get_filename() for part in message.iter_attachments()] == ["there.txt"]


@pytest.mark.parametrize(
    "to", ["", "\x00", "a@b.c", "x\r\nBcc: eve@example.org", "\x1b]0;x\x07 <", "Ü" * 500]
)
def test_a_draft_for_the_server_has_no_field_that_was_not_meant(to: str) -> None:
    written = Draft("d", "work", "", to=to, subject=to)
    source = writing.build_draft(written, account=ACCOUNT, message_id="<1@x>", date=WHEN, boundary="b")
    head = source.partition(b"\r\n\r\n")[0]
    assert b"\nBcc" not in head
    assert all(len(one) < 100 and b"\x1b" not in one for one in head.split(b"\r\n"))


@given(st.binary(max_size=60))
def test_another_date_changes_nothing_else(body: bytes) -> None:
    before = (
        b"From: a@b\r\nDate: Mon, 1 Jan 2001\r\n 00:00:00 +0000\r\nSubject: Date: x\r\n\r\nDate: no\r\n"
        + body
    )
    after = writing.redated(before, WHEN)
    head, _, rest = after.partition(b"\r\n\r\n")
    assert rest == before.partition(b"\r\n\r\n")[2]
    assert head.startswith(b"From: a@b\r\nDate: ")
    assert head.endswith(b"\r\nSubject: Date: x")
    assert b"2001" not in head
