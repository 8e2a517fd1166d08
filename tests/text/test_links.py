"""Links in text are found whole, without the punctuation around them."""

import pytest
from hypothesis import given

from mailtui.model.part import Link
from mailtui.text import links
from tests.text.safety import assert_safe, hostile


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://example.org/a?b=c#d.", ["https://example.org/a?b=c#d"]),
        ("(https://example.org/wiki/A_(b))", ["https://example.org/wiki/A_(b)"]),
        ("<https://example.org/>", ["https://example.org/"]),
        ("www.example.org, and more", ["https://www.example.org"]),
        ("write to kim@example.org!", ["mailto:kim@example.org"]),
        ("mailto:kim@example.org?subject=x", ["mailto:kim@example.org?subject=x"]),
        ("会議https://example.org/資料。次", ["https://example.org/%E8%B3%87%E6%96%99"]),
        ("https://user@example.org/x", ["https://user@example.org/x"]),
        ("no://link ftp://x.example a@b", []),
        ("javascript:alert(1) http://", []),
    ],
)
def test_links_are_found(text: str, urls: list[str]) -> None:
    assert [span.url for span in links.spans(text)] == urls


def test_a_span_says_where_the_link_stands() -> None:
    (span,) = links.spans("see https://example.org.")
    assert "see https://example.org."[span.start : span.end] == "https://example.org"


def test_each_link_is_listed_once() -> None:
    found = links.find("https://a.example\nhttps://b.example https://a.example")
    assert found == (
        Link("https://a.example", "https://a.example"),
        Link("https://b.example", "https://b.example"),
    )


def test_the_host_of_a_link() -> None:
    assert links.host("https://user:pw@EXAMPLE.org:8080/x") == "example.org"
    assert links.host("mailto:kim@example.org?subject=x") == "kim@example.org"


@pytest.mark.parametrize(
    ("text", "url", "lies"),
    [
        ("https://www.paypal.example/", "https://evil.example/", True),
        ("bank.example", "https://bank.example.evil.example/", True),
        ("www.example.org/path", "https://click.example.org/t/1", False),
        ("Read more", "https://evil.example/", False),
        ("shop.example.co.uk", "https://www.example.co.uk/", False),
    ],
)
def test_a_text_that_names_another_host_is_misleading(text: str, url: str, lies: bool) -> None:
    # paypal.example and evil.example differ in the last two labels
    assert links.misleading(Link(text, url)) is lies


@given(hostile)
def test_links_out_of_noise_are_safe(text: str) -> None:
    for link in links.find(f"http://{text} {text}@example.org www.{text}"):
        assert_safe(link.text)
        assert link.url.isascii()
        links.host(link.url)
        links.misleading(link)


@pytest.mark.parametrize("piece", ["a", "http://", "www.", "a@", "a.", "mailto:", "@", "(", ")", "http://a)"])
def test_floods_are_read_at_once(piece: str) -> None:
    assert len(links.find(piece * (300_000 // len(piece)))) <= links.MAX_LINKS
