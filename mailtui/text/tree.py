"""Walking a parsed HTML document, and what its tables are for. Without recursion: nesting is hostile."""

from collections.abc import Callable
from dataclasses import dataclass

from selectolax.lexbor import LexborNode


@dataclass(slots=True)
class Facts:
    """What decides whether a table holds data; most tables in mail are layout."""

    nested: bool = False
    headed: bool = False
    rows: int = 0


def walk(root: LexborNode, enter: Callable[[LexborNode], bool], leave: Callable[[LexborNode], None]) -> None:
    """Visit every node in order. What `enter` refuses is neither gone into nor left."""
    node: LexborNode | None = root
    while node is not None:
        if enter(node):
            if (below := node.child) is not None:
                node = below
                continue
            leave(node)
        while node is not None and node.mem_id != root.mem_id and node.next is None:
            node = node.parent
            if node is not None:
                leave(node)
        if node is None or node.mem_id == root.mem_id:
            return
        node = node.next


def survey(root: LexborNode) -> dict[int, Facts]:
    """The facts of every table, by `mem_id`."""
    facts: dict[int, Facts] = {}
    stack: list[int] = []

    def enter(node: LexborNode) -> bool:
        if node.tag == "table":
            if stack:
                facts[stack[-1]].nested = True
            stack.append(node.mem_id)
            facts[node.mem_id] = Facts()
        elif stack and node.tag in ("th", "tr"):
            facts[stack[-1]].headed |= node.tag == "th"
            facts[stack[-1]].rows += node.tag == "tr"
        return True

    def leave(node: LexborNode) -> None:
        if node.tag == "table":
            stack.pop()

    walk(root, enter, leave)
    return facts
