"""BODYSTRUCTURE becomes a tree of parts, whatever the server made of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.imap import content, selecting, structure
from mailtui.imap.connection import Connection
from mailtui.imap.structure import DEPTH, PARTS, parse
from mailtui.model.part import Part, attachments, text_parts
from tests.imap.opening import open_dovecot
from tests.servers.dovecot import Dovecot, User

TEXT = b'("TEXT" "Plain" ("CHARSET" "UTF-8" "format" "flowed") NIL NIL "7BIT" 12 2 NIL NIL NIL NIL)'
HTML = (
    b'("text" "html" ("charset" "iso-8859-1") "<c@x>" NIL "quoted-printable" 99 3 NIL ("inline" NIL) NIL NIL)'
)
PDF = (
    b'("application" "pdf" ("name" "old.pdf") NIL NIL "base64" 5000 NIL ("attachment" '
    b'("filename*0*" "utf-8\'\'%C3%9Cber" "filename*1" "sicht.pdf")) NIL NIL)'
)
ENVELOPE = b"(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"


def test_one_text() -> None:
    part = parse(TEXT)
    assert part == Part("1", "text/plain", 12, "utf-8", "7bit", flowed=True)


def test_a_tree_has_its_section_numbers() -> None:
    root = parse(
        b"((" + TEXT + HTML + b' "alternative" ("boundary" "x") NIL NIL)' + PDF + b' "mixed" NIL NIL NIL)'
    )
    assert [(part.section, part.type) for part in root.walk()] == [
        ("", "multipart/mixed"),
        ("1", "multipart/alternative"),
        ("1.1", "text/plain"),
        ("1.2", "text/html"),
        ("2", "application/pdf"),
    ]
    assert root.children[0].children[1].content_id == "c@x"
    assert root.children[0].children[1].disposition == "inline"


def test_the_name_is_joined_from_its_pieces() -> None:
    pdf = parse(PDF)
    assert (pdf.disposition, pdf.name, pdf.encoding, pdf.size) == (
        "attachment",
        "Übersicht.pdf",
        "base64",
        5000,
    )


def test_encoded_words_in_a_name_are_left_for_others() -> None:
    raw = b'("application" "x" ("name" "=?utf-8?q?=C3=9C?=") NIL NIL "base64" 1 NIL NIL NIL NIL)'
    assert parse(raw).name == "=?utf-8?q?=C3=9C?="


def test_an_attached_message_has_the_parts_within_it() -> None:
    inner = b"(" + TEXT + PDF + b' "mixed" NIL NIL NIL)'
    raw = (
        b"("
        + TEXT
        + b'("message" "rfc822" NIL NIL NIL "7bit" 900 '
        + ENVELOPE
        + inner
        + b" 30 NIL NIL NIL NIL)"
    )
    root = parse(raw + b' "mixed")')
    assert [part.section for part in root.walk()] == ["", "1", "2", "2", "2.1", "2.2"]
    single = parse(
        b'("message" "rfc822" NIL NIL NIL "7bit" 900 ' + ENVELOPE + TEXT + b' 30 NIL ("attachment" NIL))'
    )
    assert [part.section for part in single.walk()] == ["1", "1.1"]
    assert single.disposition == "attachment"


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"()", b"NIL", b'"text"', b"((((", b")))", b"(())", b"((()))", b"(NIL NIL NIL)", b"(1 2 3)"),
        *(
            b'("text")',
            b'("text" "plain"',
            b'("text" ("plain"))',
            b"(" * 5000,
            b"{3}\r\nabc",
            b'("message" "rfc822")',
        ),
    ],
)
def test_garbage_is_still_a_part(raw: bytes) -> None:
    part = parse(raw)
    assert part.type
    list(part.walk())


def test_exchanges_bare_disposition_is_understood() -> None:
    raw = b'("image" "png" NIL NIL NIL "base64" 10 NIL "inline" NIL NIL)'
    assert parse(raw).disposition == "inline"


def test_an_empty_multipart_is_a_multipart() -> None:
    assert parse(b'("multipart" "mixed" NIL NIL NIL "7bit" 0)') == Part("", "multipart/mixed")


def test_a_bomb_is_cut() -> None:
    deep = parse(b"(" * 5000 + TEXT + b' "mixed")' * 5000)
    wide = parse(b"(" + TEXT * 20_000 + b' "mixed")')
    assert 1 <= len(list(deep.walk())) <= DEPTH + 2
    assert len(list(wide.walk())) == PARTS


@given(
    st.one_of(
        st.binary(max_size=200), st.lists(st.sampled_from([TEXT, PDF, b"(", b")", b'"a"', b"NIL", b"5"]))
    )
)
def test_it_never_raises(raw: bytes | list[bytes]) -> None:
    data = raw if isinstance(raw, bytes) else b" ".join(raw)
    for part in parse(data).walk():
        assert part.type.count("/") == 1
        assert part.size >= 0


def test_what_dovecot_says_of_a_real_message(dovecot: Dovecot, user: User) -> None:
    source = (
        b"From: a@example.test\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n"
        b"--m\nContent-Type: multipart/alternative; boundary=a\n\n"
        b"--a\nContent-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n\nHi\n"
        b"--a\nContent-Type: text/html\n\n<p>Hi</p>\n--a--\n"
        b'--m\nContent-Type: application/pdf; name="=?utf-8?q?=C3=9Cbersicht=2Epdf?="\n'
        b"Content-Transfer-Encoding: base64\nContent-Disposition: attachment;\n"
        b" filename*0*=utf-8''%E6%97%A5%E6%9C%AC;\n filename*1=.pdf\n\nJVBERi0=\n"
        b"--m\nContent-Type: message/rfc822\n\nSubject: inner\n\ninner text\n--m--\n"
    )
    dovecot.seed(user, "INBOX", [(source, [])])
    conn: Connection = open_dovecot(dovecot, user)
    selecting.select(conn, b"INBOX")
    root = structure.parse(content.fetch_structure(conn, 1))
    assert [part.section for part in text_parts(root)] == ["1.1"]
    assert text_parts(root)[0].flowed
    assert text_parts(root)[0].delsp
    assert [(part.section, part.name) for part in attachments(root)] == [("2", "日本.pdf"), ("3", "")]
    assert content.fetch_parts(conn, 1, ["1.1", "3.1"]) == {"1.1": b"Hi", "3.1": b"inner text"}
    conn.logout()
