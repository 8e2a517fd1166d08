"""A raw message is taken apart, numbered as IMAP does, whatever its shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.text import source
from tests.text.safety import assert_safe, hostile

MIXED = b"""\
Subject: two parts\r
Content-Type: multipart/mixed; boundary="b"\r
\r
preamble\r
--b\r
Content-Type: multipart/alternative; boundary=c\r
\r
--c\r
Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r
\r
hello\r
--c\r
Content-Type: text/html\r
\r
<p>hello\r
--c--\r
--b\r
Content-Type: application/pdf; name=x.pdf\r
Content-Disposition: attachment; filename*=utf-8''%C3%BC.pdf\r
Content-Transfer-Encoding: BASE64\r
Content-ID: <1@x>\r
\r
aGVsbG8=\r
--b\r
Content-Type: message/rfc822\r
\r
Subject: inner\r
Content-Type: multipart/mixed; boundary=d\r
\r
--d\r
\r
first\r
--d--\r
--b--\r
epilogue\r
"""


def test_sections_are_numbered_as_imap_does() -> None:
    found = source.parse(MIXED)
    assert found.header.subject == "two parts"
    assert [(part.section, part.type) for part in found.root.walk()] == [
        ("", "multipart/mixed"),
        ("1", "multipart/alternative"),
        ("1.1", "text/plain"),
        ("1.2", "text/html"),
        ("2", "application/pdf"),
        ("3", "message/rfc822"),
        ("3", "multipart/mixed"),
        ("3.1", "text/plain"),
    ]


def test_parts_know_what_their_headers_say() -> None:
    parts = {part.section: part for part in source.parse(MIXED).root.walk()}
    assert (parts["1.1"].charset, parts["1.1"].flowed, parts["1.1"].delsp) == ("utf-8", True, True)
    pdf = parts["2"]
    assert (pdf.name, pdf.disposition, pdf.encoding, pdf.content_id) == (
        "ü.pdf",
        "attachment",
        "base64",
        "1@x",
    )


def test_octets_of_parts_end_before_the_boundary() -> None:
    found = source.parse(MIXED)
    octets = {part.section: found.body(part) for part in found.root.walk() if not part.children}
    assert octets == {"1.1": b"hello", "1.2": b"<p>hello", "2": b"aGVsbG8=", "3.1": b"first"}
    attached = next(part for part in found.root.walk() if part.type == "message/rfc822")
    assert found.body(attached).startswith(b"Subject: inner\r\n")


def test_line_ends_of_any_kind() -> None:
    for ends in (b"\n", b"\r"):
        found = source.parse(MIXED.replace(b"\r\n", ends))
        assert len(list(found.root.walk())) == 8


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Subject: x\r\n\r\nhello", b"hello"),
        (b"Subject: x", b""),
        (b"hello there", b"hello there"),
        (b"\r\nhello", b"hello"),
        (b"", b""),
        (b"Content-Type: multipart/mixed; boundary=x\n\nno boundary here", b"no boundary here"),
        (b"Content-Type: multipart/mixed\n\nnone named", b"none named"),
        (b"Content-Type: nonsense\n\nx", b"x"),
    ],
)
def test_odd_messages_are_one_part(raw: bytes, text: bytes) -> None:
    found = source.parse(raw)
    (leaf,) = found.root.walk()
    assert leaf.section == "1"
    assert found.body(leaf) == text


def test_a_part_without_end_reaches_to_the_end() -> None:
    found = source.parse(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\n--b\n\nsecond")
    assert [found.body(part) for part in found.root.children] == [b"first", b"second"]


def test_nesting_is_capped() -> None:
    raw = b""
    for level in range(2000):
        raw += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
    found = source.parse(raw)
    assert found.cut
    assert len(list(found.root.walk())) <= source.MAX_DEPTH + 2


def test_attached_messages_are_capped() -> None:
    found = source.parse(b"Content-Type: message/rfc822\n\n" * 10_000)
    assert len(list(found.root.walk())) <= source.MAX_DEPTH + 2


def test_parts_are_capped() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 200_000
    found = source.parse(raw)
    assert found.cut
    assert len(list(found.root.walk())) == source.MAX_PARTS


def test_the_same_boundary_everywhere_is_no_bomb() -> None:
    found = source.parse(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 3000)
    assert len(list(found.root.walk())) <= source.MAX_PARTS


PIECES = st.sampled_from(
    [b"\n", b"\r\n", b"--b", b"--b--", b"--", b"Content-Type: multipart/mixed; boundary=b\n",
     b"Content-Type: ", b"message/rfc822\n", b"Content-Disposition: attachment; filename=", b"x: ", b"\x00"]
)  # fmt: skip


@given(
    st.lists(st.one_of(PIECES, hostile.map(lambda text: text.encode("utf-8", "surrogatepass"))), max_size=40)
)
def test_whatever_comes_is_taken_apart_into_safe_values(pieces: list[bytes]) -> None:
    found = source.parse(b"".join(pieces))
    for part in found.root.walk():
        for text in (
            part.section,
            part.type,
            part.charset,
            part.encoding,
            part.disposition,
            part.name,
            part.content_id,
        ):
            assert_safe(text)
        assert part.children or len(found.body(part)) == part.size
