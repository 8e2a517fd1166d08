"""Turns the rows of a message into strips: tones in the colours of the theme, links that can be
followed, what is selected."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from mailtui.model.part import Link
from mailtui.text import sanitize
from mailtui.ui.widgets.message_view_tones import CardRow, Tone, Trim

if TYPE_CHECKING:  # loaded when the first message is opened
    from mailtui.ui.widgets.message_view_document import BodyRow, Document

GUTTER = "▏ "  # before every row of a body, so that no body can look like the card or the frame
LONGEST_TARGET = 2048  # octets of a link that terminals take
_NUMBER = re.compile(r"\[(\d{1,4})\]")
_STRONG = re.compile(r"(?<![\w*])\*(?=[^\s*])[^*]{1,80}(?<=[^\s*])\*(?![\w*])")
_STRESSED = re.compile(r"(?<!\w)_(?=[^\s_])[^_]{1,60}(?<=[^\s_])_(?!\w)")

_OTHERS = ("link", "gutter", "words", "strong", "stressed")
COMPONENTS = {f"message-view--{name}" for name in (*Trim, *Tone, *_OTHERS)}
LOOKS = """
MessageView {
    overflow-x: hidden;
    scrollbar-size-vertical: 1;
    scrollbar-gutter: stable;
    border-subtitle-align: left;

    & > .message-view--subject { color: $foreground; text-style: bold; }
    & > .message-view--name { color: $text-primary; text-style: bold; }
    & > .message-view--address { color: $foreground 75%; }
    & > .message-view--people { color: $foreground 85%; }
    & > .message-view--label, & > .message-view--date, & > .message-view--detail {
        color: $foreground-muted;
    }
    & > .message-view--file { color: $foreground; }
    & > .message-view--notice { color: $foreground-muted; }
    & > .message-view--warning { color: $text-warning; text-style: bold; }
    & > .message-view--rule, & > .message-view--gutter { color: $foreground 25%; }
    & > .message-view--text { color: $foreground; }
    & > .message-view--heading { color: $text-primary; text-style: bold; }
    & > .message-view--attribution { color: $foreground-muted; text-style: italic; }
    & > .message-view--quote-1 { color: $text-success 85%; }
    & > .message-view--quote-2 { color: $text-warning 80%; }
    & > .message-view--quote-3 { color: $text-primary 85%; }
    & > .message-view--signature { color: $foreground-muted; }
    & > .message-view--fold { color: $foreground-muted; text-style: italic; }
    & > .message-view--words { color: $foreground-muted; text-style: italic; }
    & > .message-view--link { color: $text-primary; text-style: underline; }
    & > .message-view--strong { text-style: bold; }
    & > .message-view--stressed { text-style: italic; }

    &:ansi {
        & > .message-view--address, & > .message-view--people, & > .message-view--text {
            color: ansi_default;
        }
        & > .message-view--label, & > .message-view--date, & > .message-view--detail,
        & > .message-view--notice, & > .message-view--rule, & > .message-view--gutter,
        & > .message-view--attribution, & > .message-view--signature, & > .message-view--fold,
        & > .message-view--words { color: ansi_default; text-style: dim; }
        & > .message-view--quote-1 { color: ansi_green; }
        & > .message-view--quote-2 { color: ansi_yellow; }
        & > .message-view--quote-3 { color: ansi_cyan; }
    }
}
"""

Mark = tuple[int, int, Style]  # from, to, and the style laid over


class Painter:
    """Strips for one message view. `forget` when text, width, theme or selection differ."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._strips: dict[int, Strip] = {}
        self._styles: dict[str, Style] = {}
        self._links: tuple[Link, ...] = ()
        self._html = False

    def forget(self) -> None:
        self._strips.clear()
        self._styles.clear()
        _spans.cache_clear()

    def of(self, found: tuple[Link, ...], *, html: bool) -> None:
        """The links of the body that is painted; in HTML made text `[n]` stands for the n-th."""
        self._links, self._html = found, html
        self.forget()

    def style(self, name: str) -> Style:
        style = self._styles.get(name)
        if style is None:
            style = self._widget.get_visual_style(f"message-view--{name}").rich_style
            self._styles[name] = style
        return style

    def card(self, row: CardRow, cells: int) -> Strip:
        segments = [Segment(text, self.style(trim)) for text, trim in row]
        return Strip(segments).adjust_cell_length(cells, self.style("text"))

    def words(self, text: str, cells: int) -> Strip:
        """A line of ours in the place of a text."""
        if not text:
            return self.blank(cells)
        strip = Strip([Segment(GUTTER, self.style("gutter")), Segment(text, self.style("words"))])
        return strip.adjust_cell_length(cells, self.style("text"))

    def blank(self, cells: int) -> Strip:
        return Strip.blank(cells, self.style("text"))

    def body(
        self, document: "Document", index: int, y: int, cells: int, selected: tuple[int, int] | None
    ) -> Strip:
        """Row `index` of the document, which is line `y` of the view."""
        strip = self._strips.get(index)
        if strip is None:
            row = document.row(index)
            marks = list(self._marks(document, row))
            if selected is not None:
                start, end = selected
                marks.append((start, len(row.text) if end == -1 else end, self._widget.selection_style))
            text = Strip(_laid_over(row.text, self.style(row.tone), marks)).apply_offsets(0, y)
            gutter = Strip([Segment(GUTTER, self.style("gutter"))])
            strip = Strip.join([gutter, text]).adjust_cell_length(cells, self.style("text"))
            if len(self._strips) > 500:
                self._strips.clear()
            self._strips[index] = strip
        return strip

    def fold(self, words: str, cells: int) -> Strip:
        strip = Strip([Segment(GUTTER, self.style("gutter")), Segment(words, self.style(Tone.FOLD))])
        return strip.adjust_cell_length(cells, self.style("text"))

    def _marks(self, document: "Document", row: "BodyRow") -> Iterator[Mark]:
        line = document.line(row.line)
        shift = row.marks - row.start
        if not self._html and row.tone is Tone.TEXT:
            for pattern, name in ((_STRONG, "strong"), (_STRESSED, "stressed")):
                for match in pattern.finditer(line, row.start, row.end):
                    yield match.start() + shift, match.end() + shift, self._over(name)
        found = _numbered(line, self._links) if self._html else _spans(line)
        for start, end, target in found:
            if start < row.end and end > row.start:
                yield (
                    max(start, row.start) + shift,
                    min(end, row.end) + shift,
                    self.style("link") + Style(link=target),
                )

    def _over(self, name: str) -> Style:
        """Only what a component adds, not the colours it lies on."""
        full = self.style(name)
        return Style(bold=full.bold or None, italic=full.italic or None)


@lru_cache(256)
def _spans(line: str) -> tuple[tuple[int, int, str], ...]:
    """The links that are written out in a line."""
    from mailtui.text import links

    found = ((span.start, span.end, span.url) for span in links.spans(line))
    return tuple(span for span in found if len(span[2]) < LONGEST_TARGET)


def _numbered(line: str, found: tuple[Link, ...]) -> Iterator[tuple[int, int, str]]:
    """`[n]` in a line, with the words of the link if they stand before it."""
    for match in _NUMBER.finditer(line):
        number = int(match[1])
        if not 1 <= number <= len(found):
            continue
        link = found[number - 1]
        target = sanitize.url(link.url)
        if target is None or len(target) >= LONGEST_TARGET:
            continue
        before = line[: match.start()].rstrip(" ")
        start = len(before) - len(link.text) if link.text and before.endswith(link.text) else match.start()
        yield start, match.end(), target


def _laid_over(text: str, style: Style, marks: list[Mark]) -> Iterator[Segment]:
    """The text in its style with others laid over stretches of it, later ones on top."""
    cuts = sorted({0, len(text), *(min(max(at, 0), len(text)) for mark in marks for at in mark[:2])})
    for start, end in pairwise(cuts):
        over = [mark[2] for mark in marks if mark[0] <= start and end <= mark[1]]
        yield Segment(text[start:end], Style.combine([style, *over]) if over else style)
