"""What the HTML cleaner writes: lines of text with their quote depth, as the little HTML that
html2text then turns into text."""

import re
from dataclasses import dataclass, field

# Private-use characters stand for what html2text must not touch; the cleaner removes them from the mail.
BLANK, OPEN, CLOSE, AMPERSAND, LESS, GREATER = "\ue000\ue001\ue002\ue003\ue004\ue005"
RESERVED = re.compile("[\ue000-\ue005]")
_ESCAPES = str.maketrans({"&": AMPERSAND, "<": LESS, ">": GREATER})
_RESTORED = str.maketrans({AMPERSAND: "&", LESS: "<", GREATER: ">", BLANK: None})
_MAX_LIST_DEPTH = 6
MAX_QUOTE_DEPTH = 12


@dataclass(slots=True)
class Flow:
    """Collects inline text, line breaks and blocks. Tags are written only once there is text for
    them, so that empty elements leave nothing behind."""

    chunks: list[tuple[int, list[str]]] = field(default_factory=lambda: [(0, [])])
    kept: list[list[str]] = field(default_factory=list)  # blocks laid out by us, by number
    lists: list[str] = field(default_factory=list)
    depth: int = 0
    blank: bool = False  # a blank line goes before the next text
    space: bool = False
    opened: str = ""  # the tag of the line that is being written
    pending: str = "p"  # the tag the next line gets

    def text(self, words: str) -> None:
        """Inline text, already safe, its white space collapsed to single blanks."""
        if self.opened and words.startswith(" "):
            self.space = True
        stripped = words.strip(" ")
        if not stripped:
            return
        self._begin()
        if self.space:
            self._write(" ")
        self._write(stripped.translate(_ESCAPES))
        self.space = words.endswith(" ")

    def append(self, words: str) -> None:
        """More inline text at the end of the last line, although that may have ended."""
        written = self.chunks[-1][1]
        if (
            not self.opened
            and written
            and written[-1].startswith("</")
            and written[-1] not in ("</ul>", "</ol>")
        ):
            written.insert(-1, words.translate(_ESCAPES))
        else:
            self.text(words)

    def line(self) -> None:
        """End the line, if one was begun."""
        if self.opened:
            self._write("" if self.opened == "li" else f"</{self.opened}>")
            self.opened = ""
        self.space = False

    def paragraph(self) -> None:
        self.line()
        self.blank |= self.pending != "li"  # not between a bullet and its first words

    def line_break(self) -> None:
        if self.opened:
            self.line()
        else:
            self.blank = True

    def tag(self, name: str) -> None:
        """The next line is a heading or a list item."""
        self.line()
        self.pending = name

    def begin_list(self, name: str) -> None:
        self.line()
        if not self.lists:
            self.blank = True
        if len(self.lists) < _MAX_LIST_DEPTH:
            self._write(f"<{name}>")
        self.lists.append(name)

    def end_list(self) -> None:
        self.line()
        self.pending = "p"
        if not self.lists:
            return
        name = self.lists.pop()
        if len(self.lists) < _MAX_LIST_DEPTH:
            self._write(f"</{name}>")
        if not self.lists:
            self.blank = True

    def quote(self, change: int) -> None:
        self.paragraph()
        self.depth += change
        self.chunks.append((min(max(self.depth, 0), MAX_QUOTE_DEPTH), []))

    def keep(self, lines: list[str]) -> None:
        """A block whose lines are shown as they are: a table, preformatted text."""
        self.paragraph()
        self.pending = "p"
        self._begin()
        self._write(f"{OPEN}{len(self.kept)}{CLOSE}")
        self.kept.append(lines)
        self.paragraph()

    def _begin(self) -> None:
        if self.opened:
            return
        self.opened, self.pending = self.pending, "p"
        self._write(f"<{self.opened}>{BLANK if self.blank else ''}")
        self.blank = False

    def _write(self, html: str) -> None:
        self.chunks[-1][1].append(html)


def restored(text: str) -> str:
    """The characters that were set aside, put back."""
    return text.translate(_RESTORED)
