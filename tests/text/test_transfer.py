"""Encodings are undone piece by piece, and careless ones too."""

import base64
import binascii
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.text.transfer import Decoder, decode

ENCODINGS = ["base64", "quoted-printable", "x-uuencode", "7bit", "8bit", "binary", "x-unknown", "BASE64 "]


def streamed(data: bytes, encoding: str, size: int) -> bytes:
    decoder = Decoder(encoding)
    pieces = [decoder.feed(data[at : at + size]) for at in range(0, len(data), size)]
    return b"".join([*pieces, decoder.close()])


@given(st.binary(max_size=500), st.integers(min_value=1, max_value=50))
def test_base64_comes_back(data: bytes, size: int) -> None:
    assert streamed(base64.encodebytes(data), "base64", size) == data


@given(st.binary(max_size=500), st.integers(min_value=1, max_value=50))
def test_quoted_printable_comes_back(data: bytes, size: int) -> None:
    data = data.replace(b"\r", b"")
    assert streamed(quopri.encodestring(data), "quoted-printable", size) == data


@given(st.binary(max_size=300), st.integers(min_value=1, max_value=50))
def test_uuencode_comes_back(data: bytes, size: int) -> None:
    lines = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    encoded = b"begin 644 ../../x\n" + b"".join(lines) + b"`\nend\ntrailing\n"
    assert streamed(encoded, "x-uuencode", size) == data


@given(st.binary(max_size=500), st.sampled_from(ENCODINGS), st.integers(min_value=1, max_value=50))
def test_pieces_make_no_difference_and_junk_does_not_raise(data: bytes, encoding: str, size: int) -> None:
    if encoding.strip() != "x-uuencode":
        assert streamed(data, encoding, size) == decode(data, encoding)
    else:
        streamed(b"begin 644 x\n" + data, encoding, size)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"aGVs bG8=\r\n", b"hello"),
        (b"aGVsbG8", b"hello"),
        (b"aGVsbG8=aGVsbG8=", b"hellohello"),
        (b"!!aGVs\x00bG8=", b"hello"),
        (b"a", b""),
    ],
)
def test_careless_base64(data: bytes, text: bytes) -> None:
    assert decode(data, "base64") == text


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"a=\r\nb", b"ab"), (b"a= \r\nb", b"ab"), (b"=ZZ=C3=A9", b"=ZZ\xc3\xa9"), (b"a=", b"a")],
)
def test_careless_quoted_printable(data: bytes, text: bytes) -> None:
    assert decode(data, "quoted-printable") == text


@pytest.mark.parametrize("piece", [b"=", b" ", b"=\n", b"A", b"= ", b"\n"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_floods_are_decoded_at_once(piece: bytes, encoding: str) -> None:
    assert len(decode(piece * (1_000_000 // len(piece)), encoding)) <= 1_000_000
