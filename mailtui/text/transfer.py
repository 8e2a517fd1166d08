"""Content-Transfer-Encodings undone piece by piece, as tolerantly as senders are careless."""

import binascii
import re

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(octet for octet in range(256) if octet not in _BASE64)
_SOFT_BREAK = re.compile(rb"=[ \t]++(?=\r?\n)")
_MAX_HELD = 65_536


class Decoder:
    """Decodes a part as it streams in: `feed` pieces of any size, then `close` once. Never raises;
    an unknown encoding passes through."""

    def __init__(self, encoding: str) -> None:
        name = encoding.strip().lower()[:40]
        self._held = b""
        self._begun = False
        self._ended = False
        self._step = {
            "base64": self._base64,
            "quoted-printable": self._quoted_printable,
            "x-uuencode": self._uuencode,
            "uuencode": self._uuencode,
            "x-uue": self._uuencode,
            "uue": self._uuencode,
        }.get(name, _as_is)

    def feed(self, data: bytes) -> bytes:
        return self._step(data, False)

    def close(self) -> bytes:
        """What was held back because it might have gone on."""
        return self._step(b"", True)

    def _base64(self, data: bytes, last: bool) -> bytes:
        data = self._held + data.translate(None, _NOT_BASE64)
        *padded, data = data.split(b"=")
        decoded = b"".join(_base64(piece) for piece in padded if piece)
        whole = len(data) if last else len(data) - len(data) % 4
        self._held = data[whole:]
        return decoded + _base64(data[:whole])

    def _quoted_printable(self, data: bytes, last: bool) -> bytes:
        data = self._held + data
        end = len(data) if last else data.rfind(b"\n") + 1
        if end == 0 and len(data) > _MAX_HELD:
            end = data.rfind(b"=", -3) if b"=" in data[-3:] else len(data)
        self._held = data[end:]
        return binascii.a2b_qp(_SOFT_BREAK.sub(b"=", data[:end]))

    def _uuencode(self, data: bytes, last: bool) -> bytes:
        lines = (self._held + data).split(b"\n")
        self._held = b"" if last else lines.pop()[-_MAX_HELD:]
        decoded: list[bytes] = []
        for line in lines:
            line = line.rstrip(b"\r")
            if not self._begun:
                self._begun = line.startswith(b"begin ")
            elif line == b"end":
                self._ended = True
            elif line and not self._ended:
                decoded.append(_uuencoded(line))
        return b"".join(decoded)


def decode(data: bytes, encoding: str) -> bytes:
    """A whole part at once."""
    decoder = Decoder(encoding)
    return decoder.feed(data) + decoder.close()


def _as_is(data: bytes, last: bool) -> bytes:
    del last
    return data


def _base64(data: bytes) -> bytes:
    if len(data) % 4 == 1:
        data = data[:-1]  # six bits are no octet
    return binascii.a2b_base64(data + b"=" * (-len(data) % 4))


def _uuencoded(line: bytes) -> bytes:
    length = (line[0] - 32) & 63
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:  # trailing junk, or stripped blanks at the end
        groups = line[1 : 1 + (length * 4 + 2) // 3]
        try:
            return binascii.a2b_uu(line[:1] + groups)
        except binascii.Error:
            return b""
