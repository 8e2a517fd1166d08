"""Makes Textual's SVG pictures look the same wherever they are shown: every word stands in its own cell,
whatever font there is, and nothing is fetched."""

import re
from collections.abc import Iterator
from html import escape, unescape

from rich.cells import cell_len

_CELL = 12.2  # pixels that Textual gives to a cell
_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_TEXT = re.compile(r'<text class="(?P<class>[^"]*)" x="(?P<x>[\d.]+)"(?P<more>[^>]*)>(?P<text>[^<]*)</text>')
_LENGTH = re.compile(r' textLength="[\d.]+"')
_GAP = re.compile(" {2,}")


def settled(picture: str) -> str:
    """The picture without web fonts, with its texts pinned to their cells."""
    picture = _FONT_FACE.sub("", picture)
    picture = picture.replace("<svg class", '<svg xml:space="preserve" class', 1)
    fonts = "Fira Code, DejaVu Sans Mono, Menlo, Consolas"
    picture = picture.replace("font-family: Fira Code", f"font-family: {fonts}")
    # a cell is as wide as most fonts' letters are at this size
    picture = picture.replace("font-size: 20px", "font-size: 20.27px")
    return _TEXT.sub(_pinned, picture)


def _pinned(found: re.Match[str]) -> str:
    if "title" in found["class"]:
        return found[0]
    start, text = float(found["x"]), unescape(found["text"]).replace("\xa0", " ")
    pieces = "".join(
        f'<tspan x="{start + cells * _CELL:.1f}">{escape(piece, quote=False)}</tspan>'
        for cells, piece in _pieces(text)
    )
    return f'<text class="{found["class"]}" x="{found["x"]}"{_LENGTH.sub("", found["more"])}>{pieces}</text>'


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """(cells from the start, text) of what stands together; wide letters stand alone."""
    at = 0
    for part in re.split(r"( {2,})", text):
        if not _GAP.fullmatch(part):
            offset, piece = at, ""
            for letter in part:
                if cell_len(letter) > 1:
                    if piece:
                        yield offset, piece
                    yield offset + cell_len(piece), letter
                    offset, piece = offset + cell_len(piece) + cell_len(letter), ""
                else:
                    piece += letter
            if piece:
                yield offset, piece
        at += cell_len(part)
