"""What of an account is kept on this machine, folder by folder, and how much is to be."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

from mailtui.model.account import Account
from mailtui.model.event import Event, FoldersChanged, KeepChanged, KeptChanged
from mailtui.model.folder import Folder
from mailtui.model.intent import KeepHere
from mailtui.model.keeping import EVERYTHING, HEADERS, Keep
from mailtui.store.reading import Reader
from mailtui.ui import glyphs
from mailtui.ui.choice import Choice
from mailtui.ui.context import Context
from mailtui.ui.plain import plain, set_title
from mailtui.ui.saying import Say
from mailtui.ui.screens.dialogue import ListDialogue
from mailtui.ui.shell import shell
from mailtui.ui.widgets.choice_list import ChoiceList
from mailtui.ui.wording import count, size

_OFFERED = (7, 14, 30, 90, 365)  # days
_TEXT = 6_000  # octets of a text, where too few are here to tell
_ENOUGH = 20  # texts whose size tells about others
_DAY = 86_400
_OTHER = "another number of days"


@dataclass(frozen=True, slots=True)
class _Place:
    """A row: a folder, or (`folder` None) all of the account. `folders` are those it is about."""

    folder: Folder | None
    folders: tuple[Folder, ...]

    @property
    def path(self) -> str:
        return self.folder.spelled if self.folder else ""

    @property
    def name(self) -> str:
        return self.folder.spelled if self.folder else "All folders"


class KeptScreen(ListDialogue):
    """One row for the account, then one for each of its folders; those with a mark have a setting of
    their own. `begin` is the folder to begin with."""

    context = Context.KEPT
    none = "There are no folders here yet."

    def __init__(self, account: str, begin: Folder | None) -> None:
        super().__init__()
        self._account, self._begin = account, begin
        self.title_ = f"What is kept here of {account}"

    def on_mount(self) -> None:
        super().on_mount()
        shell(self).happened.subscribe(self, self.heard)
        rows = self.query_one(ChoiceList)
        for index, choice in enumerate(self.choices()):
            place = choice.value
            if isinstance(place, _Place) and self._begin and place.path == self._begin.spelled:
                rows.place(index)

    def heard(self, event: Event) -> None:
        if isinstance(event, KeepChanged | KeptChanged | FoldersChanged) and event.account == self._account:
            self.fill()

    def fill(self) -> None:
        super().fill()
        here = sum(folder.kept for folder in self._folders(everywhere=True))
        limit = shell(self).settings.keep_size
        words = f"{size(here)} of {size(limit)} in use   {glyphs.UNREAD} has a setting of its own"
        set_title(self.query_one("#box"), plain(self.title_), plain(words))

    def _folders(self, *, everywhere: bool = False) -> list[Folder]:
        reader = shell(self).readers.here
        found = reader.folders(None if everywhere else self._account) if reader else []
        return [folder for folder in found if folder.selectable]

    @property
    def account(self) -> Account | None:
        return shell(self).accounts.get(self._account)

    def choices(self) -> Sequence[Choice]:
        account, folders = self.account, self._folders()
        if account is None or not folders:
            return []
        usual = tuple(one for one in folders if account.own_keep(one) is None)
        sums = _row(folders, account.keep)
        rows = [Choice("All folders", _Place(None, usual), sums, " ")]
        for folder in folders:
            mark = glyphs.UNREAD if account.own_keep(folder) else " "
            place = _Place(folder, (folder,))
            rows.append(Choice(place.name, place, _row([folder], account.keeps(folder)), mark))
        return rows

    # what is done

    def on_rows_chosen(self) -> None:
        shell(self).act("keep")

    def do_keep(self) -> Awaitable[None] | None:
        place, account = self._place, self.account
        return self._change(place, account) if place and account else None

    def do_keep_usual(self) -> None:
        place, account = self._place, self.account
        if place is None or account is None:
            return
        if place.folder is None:
            shell(self).say("Press Enter to choose what holds for all folders.", Say.HINT)
        elif account.own_keep(place.folder) is None:
            shell(self).say(f"{place.name} follows the account already.", Say.HINT)
        else:
            said = f"{place.name} follows the account again"
            shell(self).wish(KeepHere(account.key, self._written(place, account), ""), said=said)

    @property
    def _place(self) -> _Place | None:
        value = self.chosen.value if self.chosen else None
        return value if isinstance(value, _Place) else None

    def _written(self, place: _Place, account: Account) -> str:
        """The path as the settings have it, where it may be as the server spells it."""
        folder = place.folder
        known = dict(account.keep_folders)
        return folder.path if folder and folder.path in known and place.path not in known else place.path

    async def _change(self, place: _Place, account: Account) -> None:
        now = account.keeps(place.folder) if place.folder else account.keep
        arrived = await shell(self).readers.run(lambda reader: _arrived(reader, place, shell(self).clock()))
        offered = [HEADERS, *(Keep(days) for days in sorted({*_OFFERED, now.days or 7})), EVERYTHING]
        choices = [
            Choice(_words(keep), keep, _estimate(keep, place, arrived), glyphs.DONE if keep == now else " ")
            for keep in offered
        ]
        choices.append(Choice(f"{_OTHER[:1].upper()}{_OTHER[1:]} …", _OTHER, mark=" "))
        chosen = await shell(self).choose(f"Keep of {place.name}", choices)
        keep = chosen.value if chosen else None
        if keep == _OTHER:
            keep = await self._asked(place)
        if isinstance(keep, Keep):
            said = f"{place.name}: {_words(keep).lower()}"
            shell(self).wish(KeepHere(account.key, self._written(place, account), str(keep)), said=said)

    async def _asked(self, place: _Place) -> Keep | None:
        given = await shell(self).ask(f"Keep texts of {place.name} for how many days?", hint="for example 45")
        if given is None or not given.strip():
            return None
        keep = Keep.parse(f"{given.strip()} days") or Keep.parse(given)
        if keep is None:
            shell(self).say(f"{given.strip()[:20]} is no number of days.", Say.HINT)
        return keep


def _row(folders: Sequence[Folder], keep: Keep) -> str:
    texts, total = sum(one.texts for one in folders), sum(one.total for one in folders)
    here = sum(one.kept for one in folders)
    of = f"{texts:,} of {total:,} text{' ' if total == 1 else 's'}" if total else "empty"
    return f"{of:>23} {size(here) if here else '–':>7}  {keep!s:<10}"


def _words(keep: Keep) -> str:
    if not keep.texts:
        return "Headers only"
    return "Everything, attachments too" if keep.attachments else f"Texts of the last {keep}"


def _arrived(reader: Reader, place: _Place, now: float) -> dict[int, int]:
    """days → messages of that time. For a thread."""
    days = {*_OFFERED}
    return {
        one: sum(reader.arrived(folder.id, int(now) - one * _DAY) for folder in place.folders) for one in days
    }


def _estimate(keep: Keep, place: _Place, arrived: dict[int, int]) -> str:
    if keep.attachments:
        return f"about {size(sum(one.octets for one in place.folders))}"
    if keep.days not in arrived:
        return ""
    texts, octets = sum(one.texts for one in place.folders), sum(one.text_octets for one in place.folders)
    each = octets / texts if texts >= _ENOUGH else _TEXT
    messages = arrived[keep.days or 0]
    about = min(int(messages * each), sum(one.octets for one in place.folders))
    return f"{count(messages, 'message')}, about {size(about)}" if messages else "nothing now"
