"""HTML mail as readable text: cleaned by selectolax, converted by html2text, links in a list aside."""

import re

from html2text import HTML2Text

from mailtui.model.part import Body
from mailtui.text.bounds import bounded
from mailtui.text.clean import clean
from mailtui.text.flow import BLANK, CLOSE, OPEN, restored
from mailtui.text.sanitize import block

MAX_HTML = 2_000_000  # characters; what a reader scrolls through is far less

_KEPT = re.compile(f"{OPEN}(\\d+){CLOSE}")


class _Converter(HTML2Text):
    """html2text for reading: it makes headings and lists; everything else was decided before."""

    def __init__(self) -> None:
        super().__init__(bodywidth=0)
        self.single_line_break = True
        self.unicode_snob = True
        self.ul_item_mark = "•"

    def handle_data(self, data: str, entity_char: bool = True) -> None:
        super().handle_data(data, entity_char or True)  # Markdown's escapes are nothing to read


def readable(html: str) -> Body:
    """The text of an HTML part. Never raises; only the first MAX_HTML characters are looked at.

    `[n]` behind a link is its number in `links`, counted from one.
    """
    cleaned = clean(bounded(html[:MAX_HTML]))
    lines: list[tuple[int, str]] = []
    for depth, fragments in cleaned.flow.chunks:
        lines += [(depth, line) for line in _converted("".join(fragments), cleaned.flow.kept)]
    return Body(
        text=block("\n".join(_marked(lines))),
        links=tuple(cleaned.links),
        from_html=True,
        blocked=cleaned.blocked,
        trackers=cleaned.trackers,
    )


def _converted(html: str, kept: list[list[str]]) -> list[str]:
    if not html:
        return []
    lines: list[str] = []
    for line in _Converter().handle(html).strip("\n").split("\n"):
        if BLANK in line:
            lines.append("")
        match = _KEPT.search(line)
        if match is None:
            lines.append(restored(line).rstrip())
        else:
            lines += kept[int(match[1])]
    return lines


def _marked(lines: list[tuple[int, str]]) -> list[str]:
    """The lines with their quote marks; at most one blank line in a row, none at the ends. A blank
    line between two depths belongs to the lesser one."""
    found: list[str] = []
    last, blank = 0, False
    for depth, line in lines:
        if not line:
            blank = True
            continue
        if blank and found:
            found.append(("> " * min(last, depth)).rstrip())
        found.append(f"{'> ' * depth}{line}")
        last, blank = depth, False
    return found
