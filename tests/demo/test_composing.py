"""Letters become octets that every parser reads back the same."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from mailtui.demo.composing import Encoding, File, Letter, build, words
from mailtui.demo.correspondents import HOME, LISTS, PEOPLE

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), max_size=200)


def letter(text: str = "", subject: str = "Hello", **more: object) -> Letter:
    values: dict[str, object] = {
        "sender": PEOPLE["ines"],
        "to": [HOME],
        "date": NOW,
        "message_id": "<1@x.example>",
    }
    return Letter(subject=subject, text=text, **{**values, **more})  # type: ignore[arg-type]  # tests say what differs


def parsed(source: bytes) -> EmailMessage:
    message = message_from_bytes(source, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(source: bytes) -> str:
    return str(parsed(source).get_content()).replace("\r\n", "\n")


@given(PRINTABLE)
def test_any_subject_comes_back(subject: str) -> None:
    subject = " ".join(subject.split())
    assert str(parsed(build(letter(subject=subject)))["Subject"] or "") == subject


@given(PRINTABLE, st.sampled_from([Encoding.AUTO, Encoding.QUOTED, Encoding.BASE64, Encoding.EIGHT_BIT]))
def test_any_text_comes_back_in_any_encoding(text: str, encoding: Encoding) -> None:
    assert text_of(build(letter(text, encoding=encoding))) == text.rstrip("\n") + "\n"


def test_encoded_words_are_short_and_cut_between_characters() -> None:
    for word in words("海" * 100 + "é" * 100).split(" "):
        assert len(word) <= 75
        assert "\ufffd" not in str(parsed(f"Subject: {word}\r\n\r\n".encode())["Subject"])


def test_text_and_html_are_alternatives_and_files_come_after() -> None:
    file = File("Küste.pdf", "application/pdf", b"%PDF-1.4\n")
    message = parsed(build(letter("plain", html="<p>html</p>", files=[file])))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "Küste.pdf"
    assert attached.get_content() == b"%PDF-1.4\n"


def test_pictures_of_a_page_are_related_to_it() -> None:
    file = File("logo.png", "image/png", b"\x89PNG", content_id="logo@x")
    message = parsed(build(letter(html='<img src="cid:logo@x">', files=[file])))
    assert message.get_content_type() == "multipart/related"
    assert [part["Content-ID"] for part in message.walk()][-1] == "<logo@x>"


def test_raw_latin_1_is_raw() -> None:
    source = build(letter("Grüße", encoding=Encoding.LATIN_1))
    assert b"Gr\xfc\xdfe" in source
    assert text_of(source) == "Grüße\n"


def test_lists_are_named_in_the_header() -> None:
    source = build(letter(to=[LISTS["choir"]], headers=LISTS["choir"].headers))
    assert parsed(source)["List-Id"] == "St Brannock Singers <singers.choir.example>"
