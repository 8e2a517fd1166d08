"""No argument ends the line it stands in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.imap.arguments import Literal, astring, flag_list, keyword, plain, string
from mailtui.imap.tokens import nodes
from mailtui.model.message import Flag
from mailtui.model.trouble import Refused


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("INBOX", b"INBOX"),
        ("", b'""'),
        ("NIL", b'"NIL"'),
        ("a b", b'"a b"'),
        ('a"b\\', b'"a\\"b\\\\"'),
        ("a%", b'"a%"'),
        ("a(", b'"a("'),
        ("a{3}", b'"a{3}"'),
        ("Ü", Literal("Ü".encode())),
        ("a\r\nX1 DELETE INBOX", Literal(b"a\r\nX1 DELETE INBOX")),
        ("a\n", Literal(b"a\n")),
        ("\udc80", b"?"),
        ("x" * 2000 + " ", Literal(b"x" * 2000 + b" ")),
    ],
)
def test_each_value_has_its_form(value: str, written: bytes | Literal) -> None:
    assert astring(value) == written


@given(st.one_of(st.text(), st.binary()))
def test_what_stands_in_the_line_never_ends_it(value: str | bytes) -> None:
    for make in (astring, string):
        try:
            written = make(value)
        except Refused:
            assert ("\0" if isinstance(value, str) else b"\0") in value  # type: ignore[operator]  # alike
            continue
        if not isinstance(written, Literal):
            assert not set(b"\r\n\0") & set(written)
            (read,) = nodes(written)
            original = value.encode("utf-8", "replace") if isinstance(value, str) else value
            assert (read.encode() if isinstance(read, str) else read) == original


@pytest.mark.parametrize("bad", [b"a\r", b"a\nb", b"\0"])
def test_line_breaks_and_nul_are_refused_in_plain_words(bad: bytes) -> None:
    with pytest.raises(Refused):
        plain(bad)


@pytest.mark.parametrize("bad", ["", "a b", "a)", "\\Seen", "a\r\nb", "a\n", 'a"', "ä", "a{", "a*", "a]"])
def test_what_is_no_keyword_is_refused(bad: str) -> None:
    with pytest.raises(Refused):
        keyword(bad)


def test_flags_are_listed() -> None:
    assert flag_list(Flag.SEEN | Flag.DRAFT, ["$Forwarded"]) == b"(\\Seen \\Draft $Forwarded)"
    assert flag_list(Flag.NONE) == b"()"
