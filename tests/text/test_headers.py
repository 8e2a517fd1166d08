"""A header block comes out decoded and safe, whatever it holds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given

from mailtui.model.address import Address
from mailtui.text import headers
from tests.text.safety import ESCAPES, assert_safe, hostile

BLOCK = b"""\
Received: from a by b\r
From: =?utf-8?Q?J=C3=B6rg?= <joerg@example.org>\r
To: "Lee, Kim" <kim@example.org>,\r
 team@example.org\r
cc: ana@example.org\r
SUBJECT: =?utf-8?B?R3LDvMOfZQ==?=\r
\taus Wien\r
Date: Mon, 24 Nov 2025 03:18:00 +0100 (CET)\r
Message-ID: <3@example.org>\r
In-Reply-To: <2@example.org> "an old comment"\r
References: <1@example.org>\r
 <2@example.org>\r
Reply-To: list@example.org\r
List-Id: The list <list.example.org>\r
List-Post: <https://example.org/post>, <mailto:list@example.org>\r
List-Unsubscribe: <https://example.org/u?x>\r
\r
Subject: not this one\r
"""


@pytest.mark.parametrize(
    ("octets", "so"),
    [
        (BLOCK, True),
        (b"From kim Mon Nov 24 03:18:00 2025\nReceived: from a\n\nHi", True),
        (b"mime-version: 1.0\r\rHi", True),
        (b"", False),
        (b"note: this\n\nSubject: too late", False),
        (b"\x89PNG\r\n\x1a\n\0\0IHDR", False),
    ],
)
def test_a_message_is_known_by_a_field_of_mail_in_its_header(octets: bytes, so: bool) -> None:
    assert headers.is_message(octets) is so


def test_the_indexed_fields() -> None:
    header = headers.decode(BLOCK)
    assert header.subject == "Grüße aus Wien"
    assert header.senders == (Address("Jörg", "joerg@example.org"),)
    assert header.to == (Address("Lee, Kim", "kim@example.org"), Address("", "team@example.org"))
    assert header.cc == (Address("", "ana@example.org"),)
    assert header.sent == int(datetime(2025, 11, 24, 2, 18, tzinfo=UTC).timestamp())
    assert header.message_id == "<3@example.org>"
    assert header.in_reply_to == "<2@example.org>"
    assert header.references == ("<1@example.org>", "<2@example.org>")
    assert header.reply_to == (Address("", "list@example.org"),)
    assert header.list_id == "list.example.org"
    assert header.list_post == "mailto:list@example.org"
    assert header.list_unsubscribe == "<https://example.org/u?x>"


def test_every_field_can_be_shown() -> None:
    shown = list(headers.fields(BLOCK))
    assert shown[0] == ("Received", "from a by b")
    assert ("SUBJECT", "Grüße\u0020aus Wien") in [(name, " ".join(value.split())) for name, value in shown]
    assert len(shown) == 13


def test_every_from_counts() -> None:
    header = headers.decode(b"From: a@good.example\nFrom: b@evil.example\n\n")
    assert [sender.address for sender in header.senders] == ["a@good.example", "b@evil.example"]


def test_raw_eight_bit_subjects_are_read() -> None:
    assert headers.decode("Subject: Größe\n".encode()).subject == "Größe"
    assert headers.decode("Subject: Größe\n".encode("latin-1")).subject == "Größe"


def test_a_line_break_in_an_encoded_word_makes_no_line() -> None:
    header = headers.decode(b"Subject: =?utf-8?Q?Hello=0D=0ABcc:_evil@example.org?=\n")
    assert header.subject == "Hello Bcc: evil@example.org"


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Mon, 24 Nov 2025 03:18:00 +0100", (2025, 11, 24, 2, 18)),
        ("24 Nov 2025 03:18 GMT", (2025, 11, 24, 3, 18)),
        ("Mon, 24 Nov 25 03:18:00 EST", (2025, 11, 24, 8, 18)),
        ("Mon Nov 24 03:18:00 2025", (2025, 11, 24, 3, 18)),
        ("Mon, 24 November 2025 03.18.00 -0000", (2025, 11, 24, 3, 18)),
        ("2025-11-24T03:18:00Z", (2025, 11, 24, 3, 18)),
    ],
)
def test_dates(value: str, moment: tuple[int, int, int, int, int]) -> None:
    assert headers.date(value) == int(datetime(*moment, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "32 Nov 2025 03:18",
        "24 Foo 2025 03:18",
        "24 Nov 0000 99:99",
        "24 Nov 1901 03:18",
        "9" * 500,
    ],
)
def test_an_unusable_date_is_none(value: str) -> None:
    assert headers.date(value) == 0


def test_message_ids_are_bare_and_few() -> None:
    assert headers.message_ids("<a\x1b b@c>  <d@e") == ("<ab@c>",)
    many = headers.message_ids("".join(f"<{n}@x>" for n in range(5000)))
    assert len(many) == headers.MAX_REFERENCES
    assert many[0] == "<0@x>"
    assert many[-1] == "<4999@x>"


@given(hostile)
def test_whatever_a_block_holds_comes_out_safe(value: str) -> None:
    raw = value.encode("utf-8", "surrogatepass")
    names = (
        b"From",
        b"To",
        b"Subject",
        b"Message-ID",
        b"References",
        b"List-Id",
        b"List-Post",
        b"List-Unsubscribe",
    )
    block = b"".join(name + b": " + raw + b" <" + raw + b">\n" for name in names) + raw
    header = headers.decode(block)
    people = (*header.senders, *header.to, *header.cc, *header.reply_to)
    for text in (header.subject, header.message_id, header.in_reply_to, *header.references, header.list_id):
        assert_safe(text)
    for text in (
        header.list_post,
        header.list_unsubscribe,
        *(p.name for p in people),
        *(p.address for p in people),
    ):
        assert_safe(text)
    for name, shown in headers.fields(block):
        assert_safe(name + shown)


BOMBS = [
    b" ",
    b'"',
    b'"\\',
    b"(",
    b"<",
    b";",
    b"=?",
    b"=?a?q?",
    b"=?utf-8?q?a?= ",
    b"@ ",
    b"a@b,",
    b"\n x",
    b"<a@b>",
]


@pytest.mark.parametrize("piece", BOMBS)
def test_a_megabyte_of_one_thing_is_read_at_once(piece: bytes) -> None:
    flood = piece * (1_000_000 // len(piece))
    for name in (b"From: ", b"Subject: ", b"References: ", b"Date: "):
        header = headers.decode(name + flood)
        assert len(header.subject) <= 2000
        assert len(header.senders) <= 1000


def test_escapes_in_encoded_words_are_made_visible() -> None:
    for escape in ESCAPES[:6]:
        quoted = "".join(f"={octet:02X}" for octet in escape.encode("utf-8"))
        assert_safe(headers.decode(f"Subject: =?utf-8?Q?{quoted}?=\n".encode()).subject)
