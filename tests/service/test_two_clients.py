"""Two clients and a link that fails do random things; at rest both sides are equal, and every wish that was
accepted has come true once or was reported."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from mailtui.model.folder import Folder, Role
from mailtui.model.intent import (
    ArchiveMessages,
    ChangeFlags,
    CopyMessages,
    CreateFolder,
    DeleteFolder,
    DestroyMessages,
    Intent,
    MoveMessages,
    RenameFolder,
    ShowFolder,
    TrashMessages,
    Undo,
)
from mailtui.model.message import Flag, Summary
from tests.servers.dovecot import POOR, Dovecot
from tests.service.running import message
from tests.service.two_clients import Seen, Sides
from tests.service.wishing import Expected

_FLAGS = {"\\Seen": Flag.SEEN, "\\Flagged": Flag.FLAGGED, "\\Answered": Flag.ANSWERED}
_KEYWORDS = ("$Forwarded", "later")
_BOXES = ("Box", "Box/Deep", "Tub", "Tub/Deep", "Bin")
_MAIL = 6

which = st.integers(0, 1000)
boxes = st.sampled_from(_BOXES)
words = st.sampled_from([*_FLAGS, *_KEYWORDS])


class TwoClients(RuleBasedStateMachine):
    """Rules draw numbers, which choose among what there is at that moment."""

    server: Dovecot
    sides: Sides

    @initialize()
    def begin(self) -> None:
        self.story: list[str] = []
        self._directory = tempfile.TemporaryDirectory(prefix="mailtui-two-")
        self.user = user = self.server.new_user()
        self.server.seed(user, "INBOX", [(message(n), []) for n in range(1, _MAIL + 1)])
        self.next = _MAIL + 1
        self.sides = Sides(self.server, user, Path(self._directory.name))
        self.ours, self.other = self.sides.ours, self.sides.other
        self._agreed()

    def teardown(self) -> None:
        if hasattr(self, "sides"):
            try:
                self._settle()
            finally:
                self.sides.close()
                self._directory.cleanup()

    # ours

    @rule(a=which, b=which, word=words, on=st.booleans())
    def we_flag(self, a: int, b: int, word: str, on: bool) -> None:
        if rows := self._some(a, b):
            flag, keywords = _FLAGS.get(word, Flag.NONE), () if word in _FLAGS else (word,)
            wish = (
                ChangeFlags(rows, add=flag, add_keywords=keywords)
                if on
                else ChangeFlags(rows, remove=flag, remove_keywords=keywords)
            )
            if (intent := self._wish(wish)) is not None:
                self.expected.flagged(intent, rows, word, on=on)

    @rule(a=which, b=which, c=which)
    def we_move(self, a: int, b: int, c: int) -> None:
        folder = self._folder(c)
        if rows := self._some(a, b):
            self._moved(MoveMessages(rows, folder.id), rows, folder)

    @rule(a=which, b=which)
    def we_archive(self, a: int, b: int) -> None:
        if rows := self._some(a, b):
            self._moved(ArchiveMessages(rows), rows, self._role(Role.ARCHIVE))

    @rule(a=which)
    def we_trash(self, a: int) -> None:
        if rows := self._some(a):
            self._moved(TrashMessages(rows), rows, self._role(Role.TRASH))

    @rule(a=which, c=which)
    def we_copy(self, a: int, c: int) -> None:
        if (rows := self._some(a)) and (intent := self._wish(CopyMessages(rows, self._folder(c).id))):
            self.expected.copied(intent, rows)

    @rule(a=which)
    def we_destroy(self, a: int) -> None:
        trash = self._role(Role.TRASH).id
        rows = self._some(a, among=[row for row in self.ours.rows() if row.folder == trash])
        if rows and (intent := self._wish(DestroyMessages(rows))) is not None:
            self.expected.destroyed(intent, rows)

    @rule(a=which)
    def we_take_back(self, a: int) -> None:
        wishes = list(self.expected.wished_by)
        if wishes:
            back = wishes[-1 - a % min(len(wishes), 4)]
            rows = self.expected.wished_by[back]
            if (intent := self._wish(Undo(back))) is not None:
                self.expected.undone(intent, rows)

    @rule(path=boxes)
    def we_create(self, path: str) -> None:
        if (intent := self._wish(CreateFolder("work", path))) is not None:
            made = next((one for one in self.ours.folders() if one.path == path), None)
            if made is not None:
                self.expected.folder_is(intent, made.id, path)

    @rule(a=which, path=boxes)
    def we_rename(self, a: int, path: str) -> None:
        if (folder := self._box(a)) and (intent := self._wish(RenameFolder(folder.id, path))) is not None:
            self.expected.folder_is(intent, folder.id, path)
            self.expected.folders_contested |= any(one.path.startswith(folder.path) for one in self._boxes())

    @rule(a=which)
    def we_delete(self, a: int) -> None:
        if (folder := self._box(a)) is not None:
            self._doom(folder.path)
            if (intent := self._wish(DeleteFolder(folder.id))) is not None:
                self.expected.folder_is(intent, folder.id, None)

    @rule(a=which)
    def we_look(self, a: int) -> None:
        self._tell(f"we look at {self._folder(a).path}")
        self.ours.do(ShowFolder(self._folder(a).id))

    @rule(on=st.booleans())
    def we_go(self, on: bool) -> None:
        self._tell(f"we go online: {on}")
        self.ours.online(on)

    @rule()
    def we_begin_anew(self) -> None:
        self._tell("our service is restarted")
        self.ours.restart()

    # theirs

    @rule(c=which)
    def they_deliver(self, c: int) -> None:
        folders = self.other.folders()
        folder = folders[c % len(folders)]
        mid = f"<m{self.next}@example.test>"
        self._tell(f"they deliver {mid} to {folder}")
        if self.other.deliver(folder, message(self.next)):
            self.expected.count[mid] = 1
            self._arrived(folder, mid)
        self.next += 1

    @rule(a=which, word=words, on=st.booleans())
    def they_flag(self, a: int, word: str, on: bool) -> None:
        if seen := self._theirs(a):
            self._tell(f"they set {word} {on} of {seen.mid} in {seen.folder}")
            self.expected.contested_flags.add((seen.mid, word))
            self.other.flag(seen, word, on=on)

    @rule(a=which, c=which)
    def they_move(self, a: int, c: int) -> None:
        if seen := self._theirs(a):
            folders = self.other.folders()
            folder = folders[c % len(folders)]
            self._tell(f"they move {seen.mid} from {seen.folder} to {folder}")
            self.expected.touched(seen.mid)
            self.other.move(seen, folder)
            self._arrived(folder, seen.mid)

    @rule(a=which, c=which)
    def they_copy(self, a: int, c: int) -> None:
        if seen := self._theirs(a):
            folders = self.other.folders()
            folder = folders[c % len(folders)]
            self._tell(f"they copy {seen.mid} from {seen.folder} to {folder}")
            self.expected.touched(seen.mid)
            self.expected.count[seen.mid] += 1
            self.expected.less[seen.mid] += 1
            self.other.copy(seen, folder)
            self._arrived(folder, seen.mid)

    @rule(a=which)
    def they_expunge(self, a: int) -> None:
        if seen := self._theirs(a):
            self._tell(f"they expunge {seen.mid} in {seen.folder}")
            self.expected.touched(seen.mid)
            self.expected.count[seen.mid] -= 1
            self.expected.more[seen.mid] += 1
            self.other.expunge(seen)

    @rule(path=boxes)
    def they_create(self, path: str) -> None:
        self._tell(f"they create {path}")
        self.expected.folders_contested = True
        self.other.create(path)

    @rule(a=which, path=boxes)
    def they_rename(self, a: int, path: str) -> None:
        if found := [one for one in self.other.folders() if one in _BOXES]:
            self._tell(f"they rename {found[a % len(found)]} to {path}")
            self.expected.folders_contested = True
            self.other.rename(found[a % len(found)], path)

    @rule(a=which)
    def they_delete(self, a: int) -> None:
        if found := [one for one in self.other.folders() if one in _BOXES]:
            self._tell(f"they delete {found[a % len(found)]}")
            self.expected.folders_contested = True
            self._doom(found[a % len(found)])
            self.other.delete(found[a % len(found)])

    # the link

    @rule()
    def the_link_is_cut(self) -> None:
        self._tell("the link is cut")
        self.sides.link.cut()

    @rule()
    def the_link_stalls(self) -> None:
        self._tell("the link stalls")
        self.sides.link.stall()

    @rule()
    def the_link_goes(self) -> None:
        self._tell("the link is down")
        self.sides.down()

    @rule()
    def the_link_comes(self) -> None:
        self._tell("the link is up")
        self.sides.up()

    @rule(a=which)
    def the_link_breaks_later(self, a: int) -> None:
        self._tell(f"the link breaks after {a} octets")
        self.sides.link.cut_after = a

    # rest

    @rule()
    def all_is_quiet(self) -> None:
        self._settle()

    def _settle(self) -> None:
        self._tell("all is quiet")
        try:
            given_up = self.sides.agree()
            folders = {folder.id: folder.path for folder in self.ours.folders()}
            reported = given_up | self.ours.reported()
            self.expected.check(reported, self.other.messages(), self.ours.rows(), folders)
        except AssertionError as wrong:
            said = self.server.rawlog(self.user)
            raise AssertionError(
                "\n".join(
                    [
                        f"{wrong}\nafter",
                        *self.story,
                        *(str(one) for one in self.ours.operations()),
                        *(one.client.decode("latin-1") for one in said),
                    ]
                )
            ) from wrong
        self._agreed()

    def _agreed(self) -> None:
        self.expected = Expected(count=Counter(seen.mid for seen in self.other.messages()))
        self.doomed = False

    # choosing

    def _tell(self, what: str) -> None:
        self.story.append(what)

    def _wish(self, intent: Intent) -> str | None:
        accepted = self.ours.do(intent)
        self._tell(f"we want {intent}{'' if accepted else ': refused'}")
        return accepted

    def _moved(self, intent: Intent, rows: tuple[int, ...], folder: Folder) -> None:
        accepted = self._wish(intent)
        if accepted is not None:
            self.expected.moved(accepted, rows, folder.id)

    def _some(self, *numbers: int, among: list[Summary] | None = None) -> tuple[int, ...]:
        rows = among if among is not None else self.ours.rows()
        if not rows:
            return ()
        chosen = tuple(sorted({rows[number % len(rows)].id for number in numbers}))
        for row in chosen:
            self.expected.mids.setdefault(row, self.ours.mid(row))
        return chosen if all(self.expected.mids[row] for row in chosen) else ()

    def _folder(self, number: int) -> Folder:
        folders = [one for one in self.ours.folders() if one.selectable]
        return folders[number % len(folders)]

    def _role(self, role: Role) -> Folder:
        return next(one for one in self.ours.folders() if one.role is role)

    def _boxes(self) -> list[Folder]:
        return [one for one in self.ours.folders() if one.path in _BOXES]

    def _box(self, number: int) -> Folder | None:
        found = self._boxes()
        return found[number % len(found)] if found else None

    def _theirs(self, number: int) -> Seen | None:
        found = self.other.messages()
        return found[number % len(found)] if found else None

    def _doom(self, path: str) -> None:
        """What is in this folder, or on its way there, may go with it."""
        self.doomed = True
        inside = {seen.mid for seen in self.other.inside(path)}
        folder = next((one.id for one in self.ours.folders() if one.path == path), None)
        inside |= {self.ours.mid(row.id) for row in self.ours.rows() if row.folder == folder}
        inside |= {self.expected.mids[row] for row, where in self.expected.place.items() if where == folder}
        for mid in inside:
            self.expected.unclear(mid)

    def _arrived(self, folder: str, mid: str) -> None:
        if self.doomed and folder in _BOXES:
            self.expected.unclear(mid)


@pytest.fixture(scope="module")
def impatient() -> Iterator[None]:
    """What was refused for now is tried again at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mailtui.service.journal._FIRST_PAUSE", 0)
        yield


def _play(server: Dovecot, *, games: int, steps: int) -> None:
    class Game(TwoClients):
        pass

    Game.server = server
    run_state_machine_as_test(
        Game,
        settings=settings(
            max_examples=games,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(180)
def test_a_few_hundred_steps(dovecot: Dovecot, impatient: None) -> None:
    _play(dovecot, games=10, steps=30)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["rich", "poor"])
def test_thousands_of_steps(kind: str, dovecot: Dovecot, impatient: None) -> None:
    if kind == "rich":
        _play(dovecot, games=60, steps=50)
        return
    with Dovecot(capability=POOR + " UIDPLUS") as server:
        _play(server, games=30, steps=50)
