"""From octets to the text on the screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.model.part import Part
from mailtui.text import render, source
from tests.text.safety import assert_safe, hostile


def test_a_plain_part_is_decoded() -> None:
    part = Part("1", "text/plain", 12, "iso-8859-1", "quoted-printable")
    assert render.body([(part, b"Gr=FC=DFe, K")]).text == "Grüße, K"


def test_what_was_not_fetched_is_counted() -> None:
    body = render.body([(Part("1", "text/plain", 1000), b"only this")])
    assert (body.text, body.missing) == ("only this", 991)


def test_flowed_text_is_joined() -> None:
    part = Part("1", "text/plain", 9, flowed=True)
    assert render.body([(part, b"one \r\ntwo")]).text == "one two"


def test_html_declares_its_charset_itself() -> None:
    octets = '<meta charset="windows-1251"><p>Привет'.encode("cp1251")
    body = render.body([(Part("1", "text/html", len(octets)), octets)])
    assert body.text == "Привет"
    assert body.from_html


def test_links_of_several_parts_are_numbered_on() -> None:
    html = b"<a href='https://%s.example'>%s</a>"
    parts = [(Part(name, "text/html", 50), html % (name.encode(), name.encode())) for name in ("a", "b")]
    body = render.body(parts)
    assert body.text == "a [1]\n\nb [2]"
    assert [link.url for link in body.links] == ["https://a.example", "https://b.example"]


def message(*parts: tuple[str, str]) -> source.Source:
    pieces = [f"--b\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts]
    raw = "Content-Type: multipart/mixed; boundary=b\n\n" + "".join(pieces) + "--b--\n"
    return source.parse(raw.encode())


def test_every_message_with_words_shows_some() -> None:
    assert render.whole(message(("text/x-odd", "words"))).text == "words"
    assert render.whole(message(("image/png", "x"), ("text/plain; name=a.txt", "words"))).text == "words"
    assert (
        render.whole(message(("application/pdf", "x"), ("message/rfc822", "Subject: x\n\nwords"))).text
        == "words"
    )


@pytest.mark.parametrize(
    ("parts", "trouble"),
    [
        ([("application/pdf", "x")], "This message has no text, only attachments."),
        ([("application/pkcs7-mime", "x")], "This message is encrypted."),
        ([("text/plain", "words")], ""),
    ],
)
def test_a_message_without_words_says_why(parts: list[tuple[str, str]], trouble: str) -> None:
    assert render.whole(message(*parts)).trouble == trouble


KINDS = st.sampled_from(["text/plain", "text/html", "text/odd", "message/rfc822"])
ENCODINGS = st.sampled_from(["", "base64", "quoted-printable", "x-uuencode", "8bit"])
CHARSETS = st.sampled_from(["", "utf-8", "utf-16", "iso-2022-jp", "utf-7", "x", "hz"])


@given(
    KINDS,
    ENCODINGS,
    CHARSETS,
    st.one_of(st.binary(max_size=200), hostile.map(lambda t: t.encode("utf-8", "replace"))),
)
def test_what_is_rendered_is_safe(kind: str, encoding: str, charset: str, octets: bytes) -> None:
    body = render.body([(Part("1", kind, 500, charset, encoding, flowed=True), octets)])
    assert_safe(body.text, lines=True)
    for link in body.links:
        assert_safe(link.text)
