"""The files that go along with a message."""

from collections.abc import Mapping, Sequence

from mailtui.model.draft import Attachment
from mailtui.ui import glyphs
from mailtui.ui.plain import steady
from mailtui.ui.widgets.rows import Piece, Rows, columns
from mailtui.ui.wording import size

MOST = 4  # rows; more are scrolled to
_LABEL = 8  # cells; with the cursor's cell as much as in the fields above


class AttachmentBar(Rows):
    """A row for each file with its size, or that it can't be read. Away while there are none."""

    DEFAULT_CSS = """
    AttachmentBar { height: 1; display: none; background: transparent; }
    AttachmentBar.-some { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._files: tuple[Attachment, ...] = ()
        self._sizes: Mapping[str, int | None] = {}
        self._awaited: Sequence[str] = ()

    def show(
        self, files: tuple[Attachment, ...], sizes: Mapping[str, int | None], awaited: Sequence[str] = ()
    ) -> None:
        """`sizes` in octets by path, None for a file that is not there; `awaited` are names of files
        that are still being fetched."""
        self._files, self._sizes, self._awaited = files, sizes, awaited
        self.set_class(bool(files or awaited), "-some")
        self._cursor = max(0, min(self._cursor, self.count() - 1))
        self.styles.height = max(1, min(self.count(), MOST))
        self.changed()

    @property
    def marked(self) -> Attachment | None:
        return self._files[self._cursor] if self._cursor < len(self._files) else None

    def count(self) -> int:
        return len(self._files) + len(self._awaited)

    def silent(self, index: int) -> bool:
        """Without the focus no row is the one that keys apply to."""
        return not self.has_focus

    def label(self, index: int) -> str:
        return ("Files" if index == 0 else "").ljust(_LABEL)

    def pieces(self, index: int, cells: int) -> list[Piece]:
        if index >= len(self._files):
            name = self._awaited[index - len(self._files)]
            left: list[Piece] = [(f"{glyphs.PENDING} ", "rows--accent"), (steady(name), "")]
            return columns(left, [("being fetched ", "rows--dim")], cells)
        one = self._files[index]
        octets = self._sizes.get(one.path)
        if octets is None and one.path in self._sizes:
            left = [(f"{glyphs.TROUBLE} ", "rows--trouble"), (steady(one.name), "rows--trouble")]
            return columns(left, [("can't be read ", "rows--trouble")], cells)
        left = [(f"{glyphs.ATTACHED} ", "rows--accent"), (steady(one.name), "")]
        return columns(left, [(f"{size(octets)} " if octets is not None else "", "rows--dim")], cells)
