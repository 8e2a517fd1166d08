"""The tolerant tokenizer takes everything and loses nothing it could keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.imap.tokens import DEPTH, Node, Tokens, nodes

SPECIAL = st.lists(
    st.sampled_from(
        [b"(", b")", b'"', b"\\", b"[", b"]", b"{", b"}", b"{3}\r\n", b" ", b"NIL", b"a", b"\r", b"\x00"]
    )
)


@pytest.mark.parametrize(
    ("data", "read"),
    [
        (b"", []),
        (b"a 12 NIL nil", ["a", "12", None, None]),
        (b'"quoted" "a\\"b\\\\c" ""', [b"quoted", b'a"b\\c', b""]),
        (b'"NIL"', [b"NIL"]),
        (b"(a (b c) ())", [["a", ["b", "c"], []]]),
        (b'({3}\r\n)"( x)', [[b')"(', "x"]]),
        (b"~{3}\r\nabc", [b"abc"]),
        (b"BODY[HEADER.FIELDS (FROM TO)] x", ["BODY[HEADER.FIELDS (FROM TO)]", "x"]),
        (b"\\Seen $a]b", ["\\Seen", "$a]b"]),
        # what servers get wrong
        (b"(a (b", [["a", ["b"]]]),
        (b"a) b", ["a", "b"]),
        (b'"open', ["open"]),
        (b"{9}\r\nabc", [b"abc"]),
        (b"{}\r\n", []),
    ],
)
def test_it_reads(data: bytes, read: list[Node]) -> None:
    assert nodes(data) == read


def test_what_is_nested_too_deep_is_left_out() -> None:
    data = b"(" * 5000 + b"x" + b")" * 5000 + b" after"
    (outer, after) = nodes(data)
    depth = 0
    while isinstance(outer, list) and outer:
        (outer,), depth = outer, depth + 1
    assert depth == DEPTH - 1
    assert after == "after"


@given(st.one_of(st.binary(max_size=300), SPECIAL.map(b"".join)))
def test_it_never_raises_and_always_ends(data: bytes) -> None:
    reader = Tokens(data)
    at = -1
    while reader.next() is not None:
        assert reader.at > at
        at = reader.at
    assert reader.at == len(data)


@pytest.mark.parametrize("seed", [b'"', b'(["', b"(", b'\\"', b"[", b"[a", b'"\\', b"{1}\r\n", b"{", b"()"])
def test_a_flood_of_anything_takes_linear_time(seed: bytes) -> None:
    nodes(seed * (300_000 // len(seed)))  # the time limit of the test is the assertion


WELL_FORMED: st.SearchStrategy[Node] = st.recursive(
    st.one_of(st.none(), st.binary(max_size=20), st.from_regex(r"[A-Za-z0-9\\$.-]{1,8}", fullmatch=True)),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=20,
)


def written(node: Node) -> bytes:
    if node is None:
        return b"NIL"
    if isinstance(node, str):
        return node.encode()
    if isinstance(node, bytes):
        return b"{%d}\r\n%s" % (len(node), node)
    return b"(" + b" ".join(written(item) for item in node) + b")"


def as_read(node: Node) -> Node:
    """An atom that spells NIL is NIL."""
    if isinstance(node, list):
        return [as_read(item) for item in node]
    return None if isinstance(node, str) and node.upper() == "NIL" else node


@given(WELL_FORMED)
def test_what_is_well_formed_comes_back_as_it_was(node: Node) -> None:
    assert nodes(written(node)) == [as_read(node)]
