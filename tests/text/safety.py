"""What no text that is shown may hold, and inputs that try to smuggle it in."""

import unicodedata

from hypothesis import strategies as st

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def assert_safe(text: str, *, lines: bool = False) -> None:
    """No control, escape, bidi, surrogate or invisible format character (`\\n` only with `lines`)."""
    for character in set(text):
        if lines and character == "\n":
            continue
        category = unicodedata.category(character)
        joiner = character in "\u200c\u200d"
        named = f"U+{ord(character):04X} in {text[:200]!r}"
        assert category not in ("Cc", "Cs", "Zl", "Zp"), named
        assert character not in BIDI, named
        assert joiner or category != "Cf" or ord(character) in _PRINTED, named
    text.encode()


# format characters that are drawn: Arabic number signs, Kaithi number signs, Egyptian joiners
_PRINTED = {
    *range(0x600, 0x606),
    0x6DD,
    0x70F,
    0x890,
    0x891,
    0x8E2,
    0x110BD,
    0x110CD,
    *range(0x13430, 0x13440),
}

ESCAPES = (
    "\x1b]0;title\x07",
    "\x1b[2J",
    "\x1b[6n",
    "\x9b31m",
    "\x1b]52;c;UFdORUQ=\x1b\\",
    "\u202egpj.exe",
    "\x00",
    "\r\nBcc: evil@example.org",
    "\ud800",
    "\u200b",
    "a" + "\u0301" * 40,
    "👩\u200d👩\u200d👧",
    "[link=http://evil.example]x[/link]",
)

hostile = st.lists(st.one_of(st.sampled_from(ESCAPES), st.text(), st.characters()), max_size=12).map("".join)
