"""HTML made harmless for a parser: nesting and attributes beyond any honest mail are taken out, since
tree building takes quadratic time on them."""

import re
from collections import Counter

MAX_DEPTH = 500
MAX_WORDS = 500  # words of attributes in one tag

# Parsers reopen these in every block they were not closed in; a span looks the same to a reader of text.
_FORMATTING = re.compile(
    r"<(/?)(?:b|i|u|em|strong|big|small|tt|code|nobr|font)(?=[\s/>])", re.IGNORECASE | re.ASCII
)
_STRUCK = re.compile(r"<(/?)(?:s|strike)(?=[\s/>])", re.IGNORECASE | re.ASCII)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})([^<>]*+)>?", re.ASCII)
_FLAT = """p li td th tr dt dd option thead tbody tfoot colgroup col br hr img input meta link area base wbr
html head body"""
_NOT_NESTING = frozenset(_FLAT.split())  # closed by themselves, or nothing is inside


def bounded(html: str) -> str:
    """The same document without what no honest mail has. Linear."""
    html = _STRUCK.sub(r"<\1del", _FORMATTING.sub(r"<\1span", html))
    opened: Counter[str] = Counter()
    kept: list[str] = []
    depth = position = 0
    for match in _TAG.finditer(html):
        closing, name, attributes = match[1], match[2].lower(), match[3]
        if len(attributes) > 2 * MAX_WORDS and len(attributes.split(None, MAX_WORDS)) > MAX_WORDS:
            kept.append(html[position : match.start()] + f"<{closing}{name}>")
            position = match.end()
        if name in _NOT_NESTING:
            continue
        if closing:
            if opened[name]:
                opened[name] -= 1
                depth -= 1
        elif depth < MAX_DEPTH:
            opened[name] += 1
            depth += 1
        else:
            kept.append(html[position : match.start()] + " ")
            position = match.end()
    return "".join(kept) + html[position:]
