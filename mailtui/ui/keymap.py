"""Which keys do what: the table's defaults, changed by a preset and then by the user's [keys]."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from mailtui.ui.actions import ACTIONS, BY_ID, Action
from mailtui.ui.chords import Table
from mailtui.ui.context import Context
from mailtui.ui.keys import sequence, shown

PRESETS = ("default", "mutt", "aerc", "gmail", "arrows")


@dataclass(frozen=True, slots=True)
class Keymap:
    """Keys of every action, as they are spelled; `problems` are sentences about what was ignored."""

    keys: Mapping[str, tuple[str, ...]]
    problems: tuple[str, ...] = ()
    _tables: dict[tuple[Context, bool], Table] = field(default_factory=dict)

    def table(self, context: Context, typing: bool = False) -> Table:
        """Sequences of keys → action ids for one context; with `typing`, only those that don't take
        letters away from the text being typed."""
        if (context, typing) not in self._tables:
            self._tables[context, typing] = {
                sequence(keys): action.id
                for action in reversed(ACTIONS)
                if action.contexts & context and (action.typing or not typing)
                for keys in self.keys[action.id]
            }
        return self._tables[context, typing]

    def of(self, action: Action) -> str:
        """The first key of an action for people, "" if it has none."""
        keys = self.keys[action.id]
        return shown(keys[0]) if keys else ""

    def all_of(self, action: Action) -> str:
        return "  ".join(shown(keys) for keys in self.keys[action.id])


def preset(name: str) -> Mapping[str, tuple[str, ...]]:
    """What a preset changes: action id → keys. KeyError if there is none of that name."""
    if name not in PRESETS:
        raise KeyError(name)
    source = files("mailtui.ui").joinpath("keymaps", f"{name}.toml").read_text("utf-8")
    return {action: tuple(keys) for action, keys in tomllib.loads(source)["keys"].items()}


def keymap(name: str = "default", own: Mapping[str, str] | None = None) -> Keymap:
    """The keys to use. A preset or action that isn't known is left out and said so. The user's keys
    are taken from whatever had them in the same place."""
    problems: list[str] = []
    keys = {action.id: action.keys for action in ACTIONS}
    try:
        keys.update(preset(name))
    except KeyError:
        problems.append(f"There are no keys called {name}; there are {', '.join(PRESETS)}.")
    for action, wanted in (own or {}).items():
        if action not in BY_ID:
            problems.append(f"[keys] names {action}, which mailtui does not know.")
            continue
        chosen = tuple(part.strip() for part in wanted.split(",") if part.strip())
        _take(keys, action, chosen)
        keys[action] = chosen
    return Keymap(keys, tuple(problems))


def _take(keys: dict[str, tuple[str, ...]], taker: str, chosen: tuple[str, ...]) -> None:
    sequences = {sequence(key) for key in chosen}
    for action in ACTIONS:
        if action.id != taker and action.contexts & BY_ID[taker].contexts:
            keys[action.id] = tuple(key for key in keys[action.id] if sequence(key) not in sequences)


def conflicts(map_: Keymap) -> list[str]:
    """Keys with two meanings in one context, and keys that begin a sequence as well as being one."""
    found: list[str] = []
    for context in Context:
        seen: dict[tuple[str, ...], str] = {}
        for action in ACTIONS:
            if not action.contexts & context:
                continue
            for keys in map_.keys[action.id]:
                other = seen.setdefault(sequence(keys), action.id)
                if other != action.id:
                    found.append(f"{context.name}: {shown(keys)} is {other} and {action.id}")
        for short, action_id in seen.items():
            found += [
                f"{context.name}: {' '.join(short)} is {action_id} and begins {' '.join(long)}"
                for long in seen
                if len(long) > len(short) and long[: len(short)] == short
            ]
    return found
