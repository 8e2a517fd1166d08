"""Octets become text by what was declared, by what they prove, or by a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.text.charset import codec, to_text


@pytest.mark.parametrize(
    ("charset", "encoding", "text"),
    [
        ("utf-8", "utf-8", "Grüße, 張偉"),
        ("UTF8", "utf-8", "Grüße"),
        ("iso-8859-1", "latin-1", "Grüße"),
        ("iso-8859-1", "cp1252", "“Grüße” – 5 €"),
        ("ISO_8859-2", "iso8859-2", "Příliš žluťoučký"),
        ("us-ascii", "cp1252", "naïve"),
        ("windows-1251", "cp1251", "Привет"),
        ("koi8-r", "koi8-r", "Привет"),
        ("gb2312", "gbk", "會議 資料"),
        ("big5", "big5", "會議 資料"),
        ("Shift_JIS", "cp932", "会議①"),
        ("iso-2022-jp", "iso2022_jp", "会議の資料"),
        ("ks_c_5601-1987", "cp949", "회의 자료"),
        ("windows-31j", "cp932", "会議①"),
        ("utf-16", "utf-16", "Grüße"),
        ("iso-8859-8-i", "iso8859-8", "שלום"),
    ],
)
def test_a_declared_charset_is_believed(charset: str, encoding: str, text: str) -> None:
    assert to_text(text.encode(encoding), charset) == text


@pytest.mark.parametrize(
    "charset", ["", "us-ascii", "iso-8859-1", "x-unknown", "koi9", "iso-8859-2\0", "x" * 10_000]
)
def test_utf8_is_recognised_where_nothing_better_is_known(charset: str) -> None:
    text = "ユニコード" if codec(charset) != "iso8859-2" else "abc"
    assert to_text(text.encode(), charset) == text


NO_CHARSETS = """unicode_escape raw_unicode_escape punycode idna rot13 zlib bz2 hex base64 mbcs undefined
charmap ../../etc/passwd unknown-8bit x-user-defined"""


@pytest.mark.parametrize("charset", NO_CHARSETS.split())
def test_codecs_that_are_no_charsets_are_not_asked(charset: str) -> None:
    assert codec(charset) is None
    assert to_text(rb"plain \x1b[0m", charset) == r"plain \x1b[0m"


def test_undeclared_japanese_and_korean_are_guessed() -> None:
    for encoding in ("iso2022_jp", "euc_jp", "cp932"):
        assert to_text("こんにちは、会議の資料です".encode(encoding)) == "こんにちは、会議の資料です"
    assert to_text("회의 자료를 보냅니다".encode("cp949")) == "회의 자료를 보냅니다"


def test_undeclared_western_text_is_guessed() -> None:
    assert to_text("Déjà vu à l’été – Größe".encode("cp1252")) == "Déjà vu à l’été – Größe"


def test_utf8_with_a_few_broken_octets_stays_utf8() -> None:
    assert to_text("Größe äöü".encode() + b"\xff", "utf-8") == "Größe äöü\ufffd"
    assert to_text("Größe".encode("cp1252"), "utf-8") == "Größe"


@given(
    st.binary(max_size=300),
    st.one_of(st.text(max_size=20), st.sampled_from(["utf-7", "hz", "iso-2022-kr", "utf-32"])),
)
def test_no_octets_and_no_charset_raise(data: bytes, charset: str) -> None:
    to_text(data, charset)
