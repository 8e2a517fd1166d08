"""What a pager shows of a part: text, whatever kind of text it is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.model.part import Part
from mailtui.ui import looking
from tests.text.safety import assert_safe

LETTER = b"""\
From: =?utf-8?q?J=C3=B6rg?= <joerg@example.org>
Received: from a by b
Subject: Inside
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe
"""


def shown(tmp_path: Path, part: Part, octets: bytes) -> list[str]:
    path = tmp_path / "part"
    path.write_bytes(octets)
    return looking.part(path, part)


def test_a_text_in_its_charset(tmp_path: Path) -> None:
    part = Part("1", "text/plain", 7, "iso-8859-1", "quoted-printable")
    assert shown(tmp_path, part, b"Gr\xfc\xdfe") == ["Grüße"], "it was decoded when it was fetched"


def test_an_attached_message_with_what_stands_above_it(tmp_path: Path) -> None:
    assert shown(tmp_path, Part("2", "message/rfc822", len(LETTER)), LETTER) == [
        "From: Jörg <joerg@example.org>",
        "Subject: Inside",
        "",
        "Grüße",
    ]


@pytest.mark.parametrize("kind", ["text/calendar", "message/delivery-status", "text/x-patch"])
def test_other_kinds_of_text_as_they_are(tmp_path: Path, kind: str) -> None:
    assert looking.readable(Part("1", kind))
    assert shown(tmp_path, Part("1", kind), b"BEGIN: x\r\n  two")[:2] == ["BEGIN: x", "  two"]


def test_html_is_converted(tmp_path: Path) -> None:
    assert "Hello there" in shown(tmp_path, Part("1", "text/html"), b"<p>Hello <b>there</b></p>")[0]


def test_what_is_no_text_is_not_read_here() -> None:
    assert not looking.readable(Part("1", "application/pdf"))


@given(
    st.binary(max_size=300), st.sampled_from(["text/plain", "text/html", "message/rfc822", "text/calendar"])
)
def test_nothing_dangerous_comes_through(
    tmp_path_factory: pytest.TempPathFactory, octets: bytes, kind: str
) -> None:
    for line in shown(tmp_path_factory.getbasetemp(), Part("1", kind), octets):
        assert_safe(line)
