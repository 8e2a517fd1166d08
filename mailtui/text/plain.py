"""Plain text parts made readable: format=flowed paragraphs joined again (RFC 3676), the rest as it is."""

from mailtui.model.part import Body
from mailtui.text.links import find
from mailtui.text.sanitize import block


def readable(text: str, *, flowed: bool = False, delsp: bool = False) -> Body:
    """The body of a plain part; `flowed` and `delsp` as its Content-Type says."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if flowed:
        text = unflowed(text, delsp=delsp)
    text = block(text)
    lines = [line.rstrip() if line != "-- " else line for line in text.split("\n")]
    text = "\n".join(lines).strip("\n")
    return Body(text=text, links=find(text))


def unflowed(text: str, *, delsp: bool = False) -> str:
    """Join the lines of each paragraph; quote depth is shown as `> ` once a level."""
    found: list[str] = []
    paragraph: list[str] = []
    paragraph_depth = 0
    for line in text.split("\n"):
        said = line.lstrip(">")
        depth = len(line) - len(said)
        said = said.removeprefix(" ")
        if paragraph and depth != paragraph_depth:
            found.append(_marked(paragraph_depth, "".join(paragraph)))
            paragraph = []
        paragraph_depth = depth
        if said.endswith(" ") and said != "-- ":
            paragraph.append(said[:-1] if delsp else said)
            continue
        if said == "-- " and paragraph:
            found.append(_marked(depth, "".join(paragraph)))
            paragraph = []
        found.append(_marked(depth, "".join(paragraph) + said))
        paragraph = []
    if paragraph:
        found.append(_marked(paragraph_depth, "".join(paragraph)))
    return "\n".join(found)


def _marked(depth: int, text: str) -> str:
    return "> " * depth + text if text else "> " * depth
