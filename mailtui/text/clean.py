"""A mail's HTML, parsed and pruned: hidden text, scripts and trackers go, links are numbered, tables
of data are told from tables of layout. Walks without recursion, because nesting is hostile."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from mailtui.model.part import Link
from mailtui.text import links as linking
from mailtui.text.flow import RESERVED, Flow
from mailtui.text.hidden import INERT, Colours, hidden, hiding_selectors, remote_background, tiny
from mailtui.text.sanitize import block, line, url
from mailtui.text.tables import laid_out
from mailtui.text.tree import Facts, survey, walk


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


_PARAGRAPHS = _set("p h1 h2 h3 h4 h5 h6 table dl fieldset figure form pre listing xmp blockquote hr")
_LINES = _set(
    "div tr li dt dd ul ol section article header footer nav aside main address center caption tbody thead"
    " tfoot figcaption legend details summary body html option"
)
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_VERBATIM = frozenset(["pre", "listing", "xmp"])
_SIGNS = {"del": ("~~", "~~"), "q": ("“", "”")}
_PRE_WRAP = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")
_LONG_LINK = 60
_MAX_SHEETS = 100_000
_RULE = "─" * 20


@dataclass(slots=True)
class Cleaned:
    """The pruned document and what was found on the way."""

    flow: Flow = field(default_factory=Flow)
    links: list[Link] = field(default_factory=list)
    blocked: int = 0
    trackers: int = 0


@dataclass(slots=True)
class _Anchor:
    """A link that is being read."""

    node: int
    url: str
    said: list[str] = field(default_factory=list)
    pictured: bool = False


def clean(html: str) -> Cleaned:
    """Prune a document. The caller has capped its size."""
    tree = LexborHTMLParser(html)
    if tree.root is None:
        return Cleaned()
    sheets = "\n".join((node.text() or "") for node in tree.css("style")[:20])[:_MAX_SHEETS]
    tables = survey(tree.root) if tree.css_first("table") is not None else {}
    walker = _Walker(hiding_selectors(sheets), tables)
    walk(tree.root, walker.enter, walker.leave)
    walker.flow.line()
    return walker.cleaned


class _Walker:
    def __init__(self, hiding: frozenset[str], tables: dict[int, Facts]) -> None:
        self.hiding = hiding
        self.tables = tables
        self.cleaned = Cleaned()
        self.flow = self.cleaned.flow
        self.numbers: dict[str, int] = {}
        self.colours: list[tuple[int, Colours]] = [(0, Colours())]
        self.anchors: list[_Anchor] = []
        self.verbatim: list[str] | None = None
        self.verbatim_in = 0
        self.rows: list[list[str]] | None = None
        self.table_in = 0

    # entering

    def enter(self, node: LexborNode) -> bool:
        """Take the node in; whether to go on with what is inside it."""
        if node.is_text_node:
            self.words(node.text_content or "")
            return False
        tag = node.tag or ""
        if not node.is_element_node or tag in INERT:
            return node.is_document_node
        attributes = node.attributes
        if tag == "img":
            self.image(attributes)
            return False
        if attributes:
            if hidden(attributes, self.hiding):
                self.count_trackers(node)
                return False
            self.styled(node, attributes)
        self.begin(node, tag, attributes)
        return True

    def styled(self, node: LexborNode, attributes: dict[str, str | None]) -> None:
        if "style" in attributes or "color" in attributes or "bgcolor" in attributes:
            self.colours.append((node.mem_id, self.colours[-1][1].under(attributes)))
        if remote_background(attributes):
            self.cleaned.blocked += 1

    def begin(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> None:
        if tag in _SIGNS:
            self.put(_SIGNS[tag][0])
        elif tag == "br":
            self.break_line()
        elif tag == "a" and attributes.get("href"):
            self.anchors.append(_Anchor(node.mem_id, url(attributes["href"] or "") or ""))
        elif self.rows is not None:
            self.in_table(tag)
        elif tag == "table" and self.is_data(node, attributes):
            self.rows, self.table_in = [], node.mem_id
        elif self.verbatim is None and (tag in _VERBATIM or _PRE_WRAP.search(attributes.get("style") or "")):
            self.verbatim, self.verbatim_in = [], node.mem_id
        elif self.verbatim is not None:
            if tag in _LINES or tag in _PARAGRAPHS:
                self.break_verbatim()
            elif tag in ("td", "th"):
                self.verbatim.append(" ")
        else:
            self.begin_block(tag)

    def begin_block(self, tag: str) -> None:
        if tag == "blockquote":
            self.flow.quote(1)
        elif tag in ("ul", "ol", "menu", "dir"):
            self.flow.begin_list("ol" if tag == "ol" else "ul")
        elif tag == "li":
            self.flow.tag("li" if self.flow.lists else "p")
        elif tag in _HEADINGS:
            self.flow.paragraph()
            self.flow.tag(tag)
        elif tag == "hr":
            self.flow.paragraph()
            self.flow.text(_RULE)
            self.flow.paragraph()
        elif tag in _PARAGRAPHS:
            self.flow.paragraph()
        elif tag in _LINES:
            self.flow.line()
        elif tag in ("td", "th"):
            self.flow.text(" ")

    def in_table(self, tag: str) -> None:
        assert self.rows is not None
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append("")
        elif tag in _LINES or tag in _PARAGRAPHS:
            self.words(" ")

    def is_data(self, node: LexborNode, attributes: dict[str, str | None]) -> bool:
        facts = self.tables.get(node.mem_id)
        if facts is None or facts.nested or self.verbatim is not None:
            return False
        if (attributes.get("role") or "").lower() in ("presentation", "none"):
            return False
        border = (attributes.get("border") or "0").strip()
        return facts.rows > 1 and (facts.headed or border not in ("", "0", "0px", "none"))

    def count_trackers(self, node: LexborNode) -> None:
        for image in node.css("img"):
            remote = _is_remote(image.attributes)
            self.cleaned.blocked += remote
            self.cleaned.trackers += remote

    # leaving

    def leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if self.colours[-1][0] == node.mem_id:
            self.colours.pop()
        if self.anchors and self.anchors[-1].node == node.mem_id:
            self.end_link()
        elif tag in _SIGNS:
            self.put(_SIGNS[tag][1])
        elif self.rows is not None:
            if node.mem_id == self.table_in:
                self.end_table()
        elif self.verbatim is not None:
            if node.mem_id == self.verbatim_in:
                self.end_verbatim()
            elif tag in _LINES or tag in _PARAGRAPHS:
                self.break_verbatim()
        else:
            self.end_block(tag)

    def end_block(self, tag: str) -> None:
        if tag == "blockquote":
            self.flow.quote(-1)
        elif tag in ("ul", "ol", "menu", "dir"):
            self.flow.end_list()
        elif tag == "li" or tag in _HEADINGS:
            self.flow.line()
            self.flow.pending = "p"
            self.flow.blank = tag != "li"
        elif tag in _PARAGRAPHS and tag != "hr":
            self.flow.paragraph()
        elif tag in _LINES:
            self.flow.line()

    def end_table(self) -> None:
        rows = [[line(_SPACES.sub(" ", cell)).strip() for cell in row] for row in self.rows or ()]
        facts = self.tables[self.table_in]
        self.rows = None
        lines = laid_out(rows, facts.headed)
        if lines:
            self.flow.keep(lines)

    def end_verbatim(self) -> None:
        lines = [row.rstrip() for row in "".join(self.verbatim or ()).strip("\n").split("\n")]
        self.verbatim = None
        if any(lines):
            self.flow.keep(lines)

    def end_link(self) -> None:
        anchor = self.anchors.pop()
        target, text = anchor.url, _SPACES.sub(" ", "".join(anchor.said)).strip()
        if not target or not (text or anchor.pictured):
            return
        if not text:
            text = linking.host(target)
            self.put(text)
        link = Link(line(text, 200), target)
        number = self.numbers.get(target)
        if number is None:
            if len(self.cleaned.links) >= linking.MAX_LINKS:
                return
            self.cleaned.links.append(link)
            number = self.numbers[target] = len(self.cleaned.links)
        self.mark(f" [{number}]")
        if linking.misleading(link):
            self.mark(f" (→ {linking.host(target)})")

    def mark(self, text: str) -> None:
        """Said about the link that ends here, on its last line."""
        if self.rows is None and self.verbatim is None:
            self.flow.append(text)
        else:
            self.put(text)

    # text and images

    def words(self, text: str) -> None:
        if self.colours[-1][1].invisible:
            return
        text = block(RESERVED.sub("\ufffd", text))
        if self.anchors and len(self.anchors[-1].said) < 50:
            self.anchors[-1].said.append(text[:200])
        if self.anchors and len(text) > _LONG_LINK and text.strip().startswith(("http://", "https://")):
            text = _shortened(text)
        self.put(text)

    def put(self, text: str) -> None:
        if self.rows is not None:
            if self.rows and self.rows[-1]:
                self.rows[-1][-1] += text
            elif text.strip():
                self.rows.append([text])  # a caption, or text astray
        elif self.verbatim is not None:
            self.verbatim.append(text)
        else:
            self.flow.text(_SPACES.sub(" ", text))

    def break_line(self) -> None:
        if self.rows is not None:
            self.put(" ")
        elif self.verbatim is not None:
            self.verbatim.append("\n")
        else:
            self.flow.line_break()

    def break_verbatim(self) -> None:
        if self.verbatim and not self.verbatim[-1].endswith("\n"):
            self.verbatim.append("\n")

    def image(self, attributes: dict[str, str | None]) -> None:
        remote = _is_remote(attributes)
        unseen = tiny(attributes)
        self.cleaned.blocked += remote
        self.cleaned.trackers += remote and unseen
        alt = line(_SPACES.sub(" ", attributes.get("alt") or ""), 200).strip()
        if unseen:
            return
        if self.anchors:
            self.anchors[-1].pictured = True
        if alt:
            self.words(f"[{alt}]")


def _is_remote(attributes: dict[str, str | None]) -> bool:
    source = (attributes.get("src") or "").lstrip()[:8].lower()
    return source.startswith(("http://", "https://", "//"))


def _shortened(text: str) -> str:
    """A long tracking link that is shown as its own text: where it leads is in the list of links."""
    words = text.split()
    if len(words) != 1:
        return text
    return linking.host(words[0]) + "/…" if linking.host(words[0]) else text
