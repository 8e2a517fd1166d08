"""Small PDF documents of one page, valid and the same every time."""

from collections.abc import Sequence

_TOP, _LEFT, _LINE = 780, 64, 18
_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"


def pdf(title: str, lines: Sequence[str]) -> bytes:
    """A4, a heading and lines below it, in Helvetica (so: Western European letters only)."""
    drawn = [f"BT /F2 20 Tf {_LEFT} {_TOP} Td ({_escaped(title)}) Tj ET"]
    for number, line in enumerate(lines):
        height = _TOP - 40 - number * _LINE
        drawn.append(f"BT /F1 11 Tf {_LEFT} {height} Td ({_escaped(line)}) Tj ET")
    drawn.append(f"0.6 w {_LEFT} {_TOP - 14} m {595 - _LEFT} {_TOP - 14} l S")
    page = "\n".join(drawn).encode("cp1252", "replace")
    fonts = f"<< /F1 {_FONT % 'Helvetica'} /F2 {_FONT % 'Helvetica-Bold'} >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font {fonts} >> "
        "/Contents 4 0 R >>".encode(),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(page), page),
        f"<< /Title ({_escaped(title)}) /Producer (mailtui demo) >>".encode("cp1252", "replace"),
    )
    return _file(objects)


def _file(objects: Sequence[bytes]) -> bytes:
    written = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        written += b"%010d 00000 n \n" % place
    written += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\n" % (len(objects) + 1)
    return bytes(written + b"startxref\n%d\n%%%%EOF\n" % start)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
