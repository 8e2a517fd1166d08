"""What must have become of the wishes that were accepted: a book of expectations, lenient only where the
other client touched the same message."""

from collections import Counter
from dataclasses import dataclass, field

from mailtui.model.message import Summary
from tests.service.two_clients import Seen, words_of


@dataclass(slots=True)
class Expected:
    """Since the last agreement. Rows are ids of the local copy; `count` is how often each Message-ID
    must be on the server; `more` and `less` are how much it may differ."""

    place: dict[int, int] = field(default_factory=dict)
    flags: dict[tuple[int, str], bool] = field(default_factory=dict)
    wished_by: dict[str, tuple[int, ...]] = field(default_factory=dict)
    paths: dict[int, str | None] = field(default_factory=dict)
    folder_wishes: dict[str, int] = field(default_factory=dict)
    folders_contested: bool = False
    mids: dict[int, str] = field(default_factory=dict)
    count: Counter[str] = field(default_factory=Counter)
    more: Counter[str] = field(default_factory=Counter)
    less: Counter[str] = field(default_factory=Counter)
    to_go: Counter[str] = field(default_factory=Counter)  # saved if the other client moves it in time
    contested: set[str] = field(default_factory=set)
    contested_flags: set[tuple[str, str]] = field(default_factory=set)

    def moved(self, intent: str, rows: tuple[int, ...], folder: int) -> None:
        self._wished(intent, rows)
        self.place |= dict.fromkeys(rows, folder)

    def flagged(self, intent: str, rows: tuple[int, ...], flag: str, *, on: bool) -> None:
        self._wished(intent, rows)
        for row in rows:
            self.flags[row, flag] = on

    def copied(self, intent: str, rows: tuple[int, ...]) -> None:
        self._wished(intent, rows)
        self.count.update(self.mids[row] for row in rows)

    def destroyed(self, intent: str, rows: tuple[int, ...]) -> None:
        self._wished(intent, rows)
        for row in rows:
            self.count[self.mids[row]] -= 1
            self.to_go[self.mids[row]] += 1
            self._forget(row)

    def undone(self, intent: str, rows: tuple[int, ...]) -> None:
        """What is shown after it is what is wanted, but nobody can say how many copies there are, nor
        whether what was wanted of one of them went with it."""
        self._wished(intent, rows)
        taken = {self.mids[row] for row in rows}
        for row in [row for row, mid in self.mids.items() if mid in taken]:
            self._forget(row)
        for row in rows:
            self.more[self.mids[row]] += 1
            self.less[self.mids[row]] += 1

    def folder_is(self, intent: str, folder: int, path: str | None) -> None:
        """The folder is to have this path, or None to be gone."""
        self.folder_wishes[intent] = folder
        self.paths[folder] = path

    def touched(self, mid: str) -> None:
        """The other client moved, copied or removed it."""
        self.contested.add(mid)

    def unclear(self, mid: str) -> None:
        """It may be gone with its folder."""
        self.contested.add(mid)
        self.less[mid] += self.count[mid]

    def _wished(self, intent: str, rows: tuple[int, ...]) -> None:
        self.wished_by[intent] = rows

    def _forget(self, row: int) -> None:
        self.place.pop(row, None)
        for key in [key for key in self.flags if key[0] == row]:
            del self.flags[key]

    # the verdict

    def check(
        self, reported: set[str], there: list[Seen], here: list[Summary], folders: dict[int, str]
    ) -> None:
        """`reported`: intents that failed and said so. `folders`: id → path of those shown."""
        for intent in reported & self.folder_wishes.keys():
            self.paths.pop(self.folder_wishes[intent], None)
        for folder, path in self.paths.items():
            if not self.folders_contested:
                assert folders.get(folder) == path, f"folder {folder} is {folders.get(folder)}, not {path}"
        for intent in reported & self.wished_by.keys():
            for row in self.wished_by[intent]:
                self._forget(row)
                self.more[self.mids[row]] += 1
                self.less[self.mids[row]] += 1
        self._check_counts(Counter(seen.mid for seen in there))
        self._check_rows({row.id: row for row in here})

    def _check_counts(self, real: Counter[str]) -> None:
        for mid in self.count.keys() | real.keys():
            due, slack = max(self.count[mid], 0), 0
            low = max(self.count[mid] - self.less[mid], 0)
            if mid in self.contested:
                slack, low = due + self.to_go[mid], min(low, 1)
            high = max(due + self.more[mid] + slack, low)
            assert low <= real[mid] <= high, f"{mid}: {real[mid]} times, expected {low} to {high}"

    def _check_rows(self, shown: dict[int, Summary]) -> None:
        for row, folder in self.place.items():
            if self.mids[row] not in self.contested:
                assert row in shown, f"{self.mids[row]} (row {row}) is not shown"
                assert shown[row].folder == folder, f"{self.mids[row]} is not where it was wanted"
        for (row, flag), on in self.flags.items():
            mid = self.mids[row]
            if mid not in self.contested and (mid, flag) not in self.contested_flags:
                assert row in shown, f"{mid} (row {row}) is not shown"
                assert (flag in words_of(shown[row])) == on, f"{mid} has not {flag} {on}"
