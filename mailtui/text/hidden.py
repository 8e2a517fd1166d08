"""Which elements of a mail's HTML nobody is meant to see: hidden text and images that only report."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

Attributes = Mapping[str, str | None]

_INERT = """script style head title meta link template noscript svg math object embed applet iframe
frame frameset audio video canvas map select textarea input datalist param source track base"""
INERT = frozenset(_INERT.split())

_HIDING = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|max-height\s*:\s*0(?![.\d]*[1-9])|font-size\s*:\s*(?:0(?![.\d]*[1-9])|1px)"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)|text-indent\s*:\s*-\d{3,}|clip\s*:\s*rect\(0)",
    re.IGNORECASE,
)
_NO_HEIGHT = re.compile(r"(?:^|[;\s])(?:height|width)\s*:\s*0(?:px)?\s*(?:;|!|$)", re.IGNORECASE)
_OVERFLOW = re.compile(r"overflow\s*:\s*hidden", re.IGNORECASE)
_COLOUR = re.compile(r"(?:^|[;\s])color\s*:\s*([#\w(,. %)]{1,40}?)\s*(?:;|!|$)", re.IGNORECASE)
_BACKGROUND = re.compile(
    r"(?:^|[;\s])background(?:-color)?\s*:\s*(#[0-9a-f]{3,8}|rgb\([\d, ]{5,15}\)|[a-z]{3,20})\s*(?:;|!|$)",
    re.IGNORECASE,
)
_TINY = re.compile(r"\s*0*[01](?:\.\d*)?\s*(?:px)?\s*$", re.IGNORECASE)
_TINY_STYLE = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*[01]px", re.IGNORECASE)
_AT_RULE = re.compile(r"@[^{};@]*+(?:;|\{(?:[^{}@]*+\{[^{}@]*+\})*+[^{}@]*+\})")
_SIMPLE = re.compile(r"(?:\w{1,20})?([.#][\w-]{1,80})")
_MAX_STYLE = 4000


@dataclass(frozen=True, slots=True)
class Colours:
    """What text and its background were last said to be; "" is not known."""

    text: str = ""
    background: str = ""

    def under(self, attributes: Attributes) -> "Colours":
        """The colours inside an element."""
        style = (attributes.get("style") or "")[:_MAX_STYLE]
        text = _COLOUR.search(style)
        background = _BACKGROUND.search(style)
        return Colours(
            _plain(text[1] if text else attributes.get("color") or "") or self.text,
            _plain(background[1] if background else attributes.get("bgcolor") or "") or self.background,
        )

    @property
    def invisible(self) -> bool:
        return bool(self.text) and self.text == self.background


def hidden(attributes: Attributes, classes: frozenset[str] = frozenset()) -> bool:
    """Whether the element says of itself that it is not shown. `classes` are hiding selectors."""
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    if style and _hides(style[:_MAX_STYLE]):
        return True
    if not classes:
        return False
    names = {f".{name}" for name in (attributes.get("class") or "")[:1000].split()}
    return not classes.isdisjoint(names | {f"#{attributes.get('id')}"})


def hiding_selectors(sheet: str) -> frozenset[str]:
    """The class and id selectors that a style sheet hides everywhere, not only on some screens."""
    found: set[str] = set()
    sheet = _AT_RULE.sub("", re.sub(r"/\*|\*/|<!--|-->", " ", sheet))
    for rule in sheet.split("}"):
        selectors, _, style = rule.partition("{")
        if "{" not in style and _hides(style[:_MAX_STYLE]):
            for selector in selectors[-500:].split(","):
                if match := _SIMPLE.fullmatch(selector.strip()):
                    found.add(match[1])
    return frozenset(found)


def tiny(attributes: Attributes) -> bool:
    """Whether an image has no size to be seen: it only reports that the mail was opened."""
    if hidden(attributes) or _TINY_STYLE.search((attributes.get("style") or "")[:_MAX_STYLE]):
        return True
    return any(_TINY.match(attributes.get(side) or "-") for side in ("width", "height"))


def remote_background(attributes: Attributes) -> bool:
    """Whether the element would fetch a background image."""
    style = (attributes.get("style") or "")[:_MAX_STYLE]
    return "background" in attributes or bool(
        re.search(r"url\(\s*['\"]?\s*(?:https?:)?//", style, re.IGNORECASE)
    )


def _hides(style: str) -> bool:
    return bool(_HIDING.search(style)) or bool(_NO_HEIGHT.search(style) and _OVERFLOW.search(style))


def _plain(colour: str) -> str:
    colour = re.sub(r"\s", "", colour[:40]).lower()
    colour = {"white": "#ffffff", "black": "#000000"}.get(colour, colour)
    if match := re.fullmatch(r"rgb\((\d{1,3}),(\d{1,3}),(\d{1,3})\)", colour):
        return "#" + "".join(f"{int(part):02x}" for part in match.groups())
    if re.fullmatch(r"#[0-9a-f]{3}", colour):
        return "#" + "".join(digit * 2 for digit in colour[1:])
    return "" if colour in ("inherit", "transparent", "initial", "none", "url") else colour
