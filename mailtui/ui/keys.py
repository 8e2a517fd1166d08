"""How keys are spelled: by people in settings and help, by Textual in its events."""

from textual.keys import _character_to_key

_NAMES = {
    "enter": "⏎",
    "escape": "Esc",
    "space": "Space",
    "tab": "Tab",
    "shift+tab": "⇧Tab",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "delete": "Del",
    "shift+delete": "⇧Del",
    "backspace": "⌫",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}
_CHARACTERS = {_character_to_key(sign): sign for sign in map(chr, range(33, 127)) if not sign.isalnum()}


def spelled(key: str) -> str:
    """One key as Textual names it: `?` is `question_mark`, `Ctrl-K` is `ctrl+k`, `g` stays `g`."""
    if len(key) == 1:
        return _character_to_key(key)
    head, plus, last = key.replace("-", "+").rpartition("+")
    if not plus or not last:
        return key.lower()
    modifiers = [_MODIFIERS.get(name, name) for name in head.lower().split("+")]
    if len(last) > 1:
        return "+".join([*modifiers, last.lower()])
    if last.isupper() and "ctrl" not in modifiers:  # a terminal can't tell Ctrl-K from Ctrl-k
        modifiers.append("shift")
    return "+".join([*modifiers, _character_to_key(last.lower())])


_MODIFIERS = {"c": "ctrl", "m": "alt", "meta": "alt", "control": "ctrl", "s": "shift"}


def sequence(keys: str) -> tuple[str, ...]:
    """`g i` is pressed one after the other: `("g", "i")`."""
    return tuple(spelled(key) for key in keys.split())


def shown(keys: str) -> str:
    """The same for people: `^K`, `⏎`, `g i`."""
    return " ".join(_shown(spelled(key)) for key in keys.split())


def _shown(key: str) -> str:
    if key in _NAMES:
        return _NAMES[key]
    if key.startswith("ctrl+"):
        return "^" + _shown(key.removeprefix("ctrl+")).upper()
    if key.startswith("alt+"):
        return "M-" + _shown(key.removeprefix("alt+"))
    if key[0] == "f" and key[1:].isdigit():
        return key.upper()
    return _CHARACTERS.get(key, key)
