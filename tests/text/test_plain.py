"""Plain text is shown as it is, flowed paragraphs joined."""

from hypothesis import given
from hypothesis import strategies as st

from mailtui.text.plain import readable, unflowed
from tests.text.safety import assert_safe, hostile


def test_plain_text_stays() -> None:
    body = readable("Hello,\r\n\r\n  see https://example.org  \r\n\r\n")
    assert body.text == "Hello,\n\n  see https://example.org"
    assert [link.url for link in body.links] == ["https://example.org"]
    assert not body.from_html


def test_flowed_paragraphs_are_joined() -> None:
    assert unflowed("one \ntwo \nthree\nfour") == "one two three\nfour"


def test_delsp_takes_the_blanks_away() -> None:
    assert unflowed("ある \nいは", delsp=True) == "あるいは"


def test_space_stuffing_is_undone() -> None:
    assert unflowed(" >not a quote\n From me") == ">not a quote\nFrom me"


def test_quotes_keep_their_depth() -> None:
    assert unflowed(">> a \n>> b\n> c \nd") == "> > a b\n> c \nd"


def test_the_signature_is_never_joined() -> None:
    assert unflowed("bye \n-- \nKim \nLee") == "bye \n-- \nKim Lee"
    assert readable("bye\n-- \nKim").text == "bye\n-- \nKim"


@given(hostile, st.booleans(), st.booleans())
def test_what_comes_out_is_safe(text: str, flowed: bool, delsp: bool) -> None:
    body = readable(text, flowed=flowed, delsp=delsp)
    assert_safe(body.text, lines=True)
