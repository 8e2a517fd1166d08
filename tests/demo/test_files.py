"""What is attached to the sample mail is what it says it is."""

import re
import struct
import zlib
from datetime import UTC, datetime

import pytest

from mailtui.demo import files, picture
from mailtui.demo.correspondents import PEOPLE
from mailtui.demo.document import pdf

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize("level", [0, 6])
def test_a_picture_is_a_png_with_all_its_rows(level: int) -> None:
    data = picture.dusk(120, 80, level=level)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, {}
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        name, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] == zlib.crc32(name + content)
        chunks[name] = content
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"tEXt", b"IDAT", b"IEND"]
    assert len(zlib.decompress(chunks[b"IDAT"])) == 80 * (1 + 3 * 120)


def test_a_document_is_a_pdf_whose_table_points_at_its_objects() -> None:
    data = pdf("Bill (Grün) \\", ["one", "two"])
    start = int(re.findall(rb"startxref\n(\d+)\n%%EOF\n$", data)[0])
    assert data[start:].startswith(b"xref\n")
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", data[start:])]
    assert [data[place : place + 7] for place in places] == [b"%d 0 obj" % n for n in range(1, 6)]
    (length,) = re.findall(rb"/Length (\d+)", data)
    assert data.split(b"stream\n", 1)[1][int(length) :].startswith(b"\nendstream")


def test_an_invitation_is_a_request_with_folded_nothing() -> None:
    invitation = files.invitation("review", PEOPLE["ines"], NOW)
    text = invitation.data.decode()
    assert "METHOD:REQUEST\r\n" in text
    assert "DTSTART:20261125T140000Z\r\n" in text
    assert invitation.parameters.endswith("method=REQUEST")
    assert max(map(len, text.split("\r\n"))) <= 75


@pytest.mark.parametrize("words", ["pdf A.pdf", "png b.png", "csv c.csv", "ics ferry", "text d.txt"])
def test_every_kind_of_file_can_be_made(words: str) -> None:
    made = files.make(words, NOW)
    assert made.name.split(".")[0] == words.split(" ")[1].split(".", maxsplit=1)[0]
    assert made.data
