"""Where a search is typed: what may come next is offered below, Tab takes it."""

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from mailtui.model.address import Address
from mailtui.text import sanitize
from mailtui.ui.plain import plain, width
from mailtui.ui.screens.search_words import PEOPLE, Typed, candidates, completed, hints, typed


class QueryInput(Input):
    """What is pasted becomes one safe line."""

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(sanitize.line(" ".join(event.text.split())))


class SearchLine(Vertical):
    """The line, and below it either what was not understood, what Tab offers, or the fields."""

    def __init__(self, text: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.line = QueryInput(text, select_on_focus=False, placeholder="words, from:ana, is:unread …")
        self._said = Static(id="words")
        self._folders: Sequence[str] = ()
        self._people: Sequence[Address] = ()
        self._troubles: Sequence[str] = ()

    def compose(self) -> ComposeResult:
        yield self.line
        yield self._said

    @property
    def text(self) -> str:
        return self.line.value.strip()

    @text.setter
    def text(self, text: str) -> None:
        self.line.value = text
        self.line.cursor_position = len(text)

    @property
    def word(self) -> Typed:
        """What is being typed."""
        return typed(self.line.value, self.line.cursor_position)

    @property
    def asks_for_people(self) -> str:
        """The beginning of a name or address that is being typed, "" otherwise."""
        word = self.word
        return word.value if word.field in PEOPLE else ""

    def know(
        self,
        *,
        folders: Sequence[str] | None = None,
        people: Sequence[Address] | None = None,
        troubles: Sequence[str] | None = None,
    ) -> None:
        """What may be offered, and what was not understood."""
        self._folders = self._folders if folders is None else folders
        self._people = self._people if people is None else people
        self._troubles = self._troubles if troubles is None else troubles
        self.show_words()

    @property
    def offers(self) -> list[str]:
        return candidates(self.word, self._folders, self._people if self.asks_for_people else ())

    def complete(self) -> bool:
        """Take the first offer; whether there was one."""
        offers = self.offers
        if not offers:
            return False
        line = self.line
        line.value, line.cursor_position = completed(line.value, line.cursor_position, self.word, offers[0])
        return True

    def show_words(self) -> None:
        self._said.update(self._words())

    def _words(self) -> Content:
        room = max(self.size.width - 2, 1)
        offers = self.offers
        if offers:
            shown: list[Content | tuple[str, str]] = [("Tab ", "$foreground-muted")]
            used = 4
            for index, offer in enumerate(offers):
                used += width(offer) + 2
                if index and used > room:
                    break
                shown.append(plain(offer, "" if index else "bold $text-accent"))
                shown.append(("  ", ""))
            return Content.assemble(*shown)
        if self._troubles:
            return plain(" ".join(self._troubles), "$text-warning")
        return plain(hints(lambda text: width(text) <= room), "$foreground-muted")
