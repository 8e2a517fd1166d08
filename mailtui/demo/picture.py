"""Pictures that are computed: a harbour at dusk as a real PNG, the same every time."""

import struct
import zlib
from collections.abc import Iterator
from math import sin

_Colour = tuple[int, int, int]
_HIGH, _LOW, _SUN = (38, 44, 92), (255, 158, 94), (255, 232, 176)
_SEA, _DEEP = (196, 108, 96), (24, 32, 64)
_HILLS: tuple[tuple[_Colour, float, float], ...] = (
    ((112, 78, 112), 0.46, 1.0),
    ((72, 56, 92), 0.51, 1.7),
    ((40, 36, 66), 0.56, 2.9),
)


def dusk(width: int, height: int, *, level: int = 6) -> bytes:
    """An RGB PNG. With `level` 0 it is not compressed: 1184 × 886 are 3 MiB."""
    rows = b"".join(b"\0" + row for row in _rows(width, height))
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (
        (b"IHDR", size),
        (b"tEXt", b"Title\0Skerra slipway at dusk"),
        (b"IDAT", zlib.compress(rows, level)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _rows(width: int, height: int) -> Iterator[bytes]:
    horizon = int(height * 0.62)
    ridges = [
        [int(height * level * _ridge(x / width, pace)) for x in range(width)] for _, level, pace in _HILLS
    ]
    for y in range(height):
        if y >= horizon:
            yield _water(width, (y - horizon) / (height - horizon), y)
            continue
        row = bytearray(bytes(_between(_HIGH, _LOW, y / horizon)) * width)
        _sun(row, width, height, y)
        for (colour, _, _), ridge in zip(_HILLS, ridges, strict=True):
            _fill(row, colour, ridge, y)
        yield bytes(row)


def _ridge(x: float, pace: float) -> float:
    return 1.1 - 0.14 * sin(3 * pace * x + pace) - 0.06 * sin(11 * pace * x) - 0.02 * sin(47 * x * pace)


def _fill(row: bytearray, colour: _Colour, ridge: list[int], y: int) -> None:
    """Paint where the hill is higher than this row, run by run."""
    width = len(ridge)
    x = 0
    while x < width:
        if ridge[x] > y:
            x += 1
            continue
        end = x + 1
        while end < width and ridge[end] <= y:
            end += 1
        row[3 * x : 3 * end] = bytes(colour) * (end - x)
        x = end


def _sun(row: bytearray, width: int, height: int, y: int) -> None:
    radius, centre_x, centre_y = height // 11, int(width * 0.64), int(height * 0.40)
    inside = radius * radius - (y - centre_y) ** 2
    if inside > 0:
        half = int(inside**0.5)
        row[3 * (centre_x - half) : 3 * (centre_x + half)] = bytes(_SUN) * (2 * half)


def _water(width: int, depth: float, y: int) -> bytes:
    row = bytearray(bytes(_between(_SEA, _DEEP, depth)) * width)
    glint = int(width * (0.05 + 0.06 * depth) * (1 + sin(y * 1.7)))
    start = int(width * 0.64) - glint // 2 + int(6 * sin(y * 0.9))
    row[3 * start : 3 * (start + glint)] = bytes(_between(_SUN, _SEA, min(1.0, depth + 0.3))) * glint
    return bytes(row)


def _between(one: _Colour, other: _Colour, part: float) -> _Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue
