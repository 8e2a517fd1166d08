"""A field for addresses that completes them from those seen in the mail."""

from textual import events
from textual.app import ComposeResult
from textual.widgets import Input

from mailtui.model.address import Address
from mailtui.model.trouble import Trouble
from mailtui.ui.choice import Choice, Match
from mailtui.ui.latest import run_latest
from mailtui.ui.shell import shell
from mailtui.ui.widgets.choice_list import ChoiceList
from mailtui.ui.widgets.field import Field, Line

MOST = 6


class Offers(ChoiceList, can_focus=False):
    """The addresses that what is typed may mean, over what stands below."""


class Addressing(Line):
    """Keys of the field while addresses are offered go to the offer."""

    def on_key(self, event: events.Key) -> None:
        field = self.query_ancestor(Recipients)
        if (field.offering and field.take(event.key)) or self._is_there(event.character):
            event.stop()
            event.prevent_default()

    def _is_there(self, character: str | None) -> bool:
        """Whether it is the comma, or the blank, that stands behind an address already: who completes
        one types it all the same."""
        before = self.value[: self.cursor_position]
        return (character in (",", ";") and before.rstrip()[-1:] in (",", ";")) or (
            character == " " and before.endswith((", ", "; "))
        )


class Recipients(Field):
    """Tab or Enter takes the address that is marked, the arrows mark another, Escape none."""

    DEFAULT_CSS = """
    Recipients Offers {
        display: none;
        overlay: screen;
        constrain: inside inflect;
        position: absolute;
        offset: 8 1;
        width: 60;
        max-width: 90%;
        height: auto;
        max-height: 6;
        background: $panel;
        &.-shown { display: block; }
    }
    """

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield Offers()

    def line(self) -> Line:
        return Addressing(select_on_focus=False)

    @property
    def offering(self) -> bool:
        return self.query_one(Offers).has_class("-shown")

    @property
    def typed(self) -> str:
        """The address that is being typed, without those before it."""
        return _last(self.value[: self.query_one(Line).cursor_position]).strip()

    def on_input_changed(self, message: Input.Changed) -> None:
        typed = self.typed
        if typed and self.query_one(Line).has_focus:
            run_latest(self, "offers", self._offer, typed)
        else:
            self.withdraw()

    async def _offer(self, typed: str) -> None:
        try:
            found = await shell(self).readers.run(lambda reader: reader.correspondents(typed, MOST))
        except Trouble:  # without a store nobody is known
            found = []
        if typed != self.typed or not self.query_one(Line).has_focus:
            return
        rows = [Match(_row(address)) for address in found if address.address.lower() != typed.lower()]
        self.query_one(Offers).show(rows)
        self.query_one(Offers).set_class(bool(rows), "-shown")

    def withdraw(self) -> None:
        self.query_one(Offers).remove_class("-shown")

    def take(self, key: str) -> bool:
        """What a key means to the offer; whether it means anything."""
        offers = self.query_one(Offers)
        if key in ("tab", "enter") and offers.choice is not None:
            self._complete(str(offers.choice.value))
        elif key == "down":
            offers.do_down()
        elif key == "up":
            offers.do_up()
        elif key == "escape":
            self.withdraw()
        else:
            return False
        return True

    def _complete(self, address: str) -> None:
        line = self.query_one(Line)
        before, after = line.value[: line.cursor_position], line.value[line.cursor_position :]
        kept = before[: len(before) - len(_last(before))].rstrip()
        text = f"{kept} {address}, ".lstrip()
        line.value = text + after.lstrip(" ,;")
        line.cursor_position = len(text)
        self.withdraw()

    def on_rows_chosen(self) -> None:
        self.take("enter")

    def on_descendant_blur(self) -> None:
        self.withdraw()


def _last(text: str) -> str:
    """What stands behind the last comma that is not in quotes."""
    start, quoted = 0, False
    for at, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif character in ",;" and not quoted:
            start = at + 1
    return text[start:]


def _row(address: Address) -> Choice:
    return Choice(address.short, str(address), address.address if address.name else "")
