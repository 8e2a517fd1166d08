"""What strangers write comes out safe to paint, to save under and to open."""

import os.path
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.text import sanitize
from tests.text.safety import assert_safe, hostile


@given(hostile)
def test_a_line_is_safe_short_and_stays_the_same_when_cleaned_again(text: str) -> None:
    cleaned = sanitize.line(text, 100)
    assert_safe(cleaned)
    assert len(cleaned) <= 100
    assert sanitize.line(cleaned, 100) == cleaned


@given(hostile)
def test_a_block_is_safe_and_stays_the_same_when_cleaned_again(text: str) -> None:
    cleaned = sanitize.block(text)
    assert_safe(cleaned, lines=True)
    assert sanitize.block(cleaned) == cleaned


@given(hostile)
def test_a_file_name_stays_in_its_directory(text: str) -> None:
    name = sanitize.file_name(text)
    assert_safe(name)
    assert name == os.path.basename(name)
    assert "\\" not in name
    assert not name.startswith((".", "-", "~", " "))
    assert 0 < len(name.encode()) <= sanitize.MAX_FILE_NAME


@given(st.one_of(hostile, hostile.map("http://".__add__), hostile.map("https://a.example/".__add__)))
def test_a_url_is_plain_ascii_with_a_scheme_that_may_be_opened(text: str) -> None:
    url = sanitize.url(text)
    if url is not None:
        assert re.fullmatch(r"(https?://|mailto:)[!-~]*", url)
        assert sanitize.url(url) == url


def test_readable_text_is_left_alone() -> None:
    for text in (
        "Grüße aus Åkersberga",
        "會議 資料",
        "שלום עולם",
        "می\u200cخواهم",
        "👩\u200d🚀 ❤️",
        "e\u0301 ế",
    ):
        assert sanitize.line(text) == text
        assert sanitize.block(text) == text


def test_escapes_become_visible_signs() -> None:
    assert sanitize.line("a\x1b[31mb\x7f\x9b") == "a␛[31mb␡\ufffd"


def test_line_breaks_and_tabs_become_a_space_in_a_line() -> None:
    assert sanitize.line("a\r\nb\tc\u2028d") == "a b c d"


def test_a_block_keeps_its_lines_and_expands_tabs() -> None:
    assert sanitize.block("a\r\nb\rc\n\td") == "a\nb\nc\n        d"


def test_a_flood_of_combining_marks_is_capped() -> None:
    assert sanitize.line("a" + "\u0301" * 900) == "a" + "\u0301" * 8


def test_an_overlong_line_ends_in_an_ellipsis() -> None:
    assert sanitize.line("abcdef", 4) == "abc…"


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("/etc/cron.d/x", "x"),
        ("..\\..\\autoexec.bat", "autoexec.bat"),
        ("a\0b.txt", "ab.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("..", "attachment"),
        ("", "attachment"),
        (".bashrc", "bashrc"),
        ("~/.ssh/authorized_keys", "authorized_keys"),
        ("-rf", "rf"),
        ("a\nb.txt", "a b.txt"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("name. . ", "name"),
        ("|touch x", "_touch x"),
        ("Rechnung März 2026.pdf", "Rechnung März 2026.pdf"),
    ],
)
def test_hostile_file_names(given_name: str, name: str) -> None:
    assert sanitize.file_name(given_name) == name


def test_a_long_file_name_keeps_its_extension() -> None:
    name = sanitize.file_name("é" * 5000 + ".pdf")
    assert name.endswith("é.pdf")
    assert len(name.encode()) <= sanitize.MAX_FILE_NAME


@pytest.mark.parametrize(
    ("given_url", "url"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        (" HTTP://EXAMPLE.org ", "http://example.org"),
        ("https://exämple.org/ü", "https://xn--exmple-cua.org/%C3%BC"),
        ("https://аpple.com", "https://xn--pple-43d.com"),
        ("http://good.example\\@evil.example/", "http://good.example/@evil.example/"),
        ("mailto:a@b.example?subject=x y", "mailto:a@b.example?subject=x%20y"),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("smb://host/share", None),
        ("mailto:a%00@b", None),
        ("http://", None),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("http://a b/", None),
        ("//example.org", None),
        ("http://" + "a" * 300, None),
        ("http://a.example/" + "x" * 9000, None),
    ],
)
def test_only_web_and_mail_links_may_be_opened(given_url: str, url: str | None) -> None:
    assert sanitize.url(given_url) == url
