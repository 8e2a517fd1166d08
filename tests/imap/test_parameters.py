"""RFC 2231 continuations and charsets are put together; nonsense stays readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.imap.parameters import joined


@pytest.mark.parametrize(
    ("pairs", "value"),
    [
        ([("filename", b"a.txt")], "a.txt"),
        ([("filename*", b"utf-8'en'%C3%9C%20b")], "Ü b"),
        ([("filename*", b"iso-8859-1''%DC")], "Ü"),
        ([("filename*", b"nonsense''%C3%9C")], "Ü"),
        ([("filename*", b"rot13''%DC")], "Ü"),
        ([("filename*0", b"a"), ("filename*1", b"b")], "ab"),
        ([("filename*1", b"b"), ("filename*0", b"a")], "ab"),
        ([("filename*0*", b"utf-8''%C3"), ("filename*1*", b"%9C"), ("filename*2", b"%20")], "Ü%20"),
        ([("filename*0", b"a"), ("filename*2", b"c")], "a"),
        ([("filename", b"plain"), ("filename*", b"utf-8''better")], "better"),
        ([("filename*", b"no quotes")], "no quotes"),
        ([("filename", b"\xc3\x9c")], "Ü"),
        ([("filename", b"\xdc")], "Ü"),
        ([("filename", b"first"), ("filename", b"second")], "first"),
    ],
)
def test_it_joins(pairs: list[tuple[str, bytes]], value: str) -> None:
    assert joined(pairs) == {"filename": value}


def test_names_are_lower_case_and_values_bounded() -> None:
    assert joined([("NAME", b"x" * 100_000)]) == {"name": "x" * 2000}
    assert len(joined([(f"n*{number}", b"x" * 1000) for number in range(9999)])["n"]) == 2000


@given(st.lists(st.tuples(st.text(max_size=12), st.binary(max_size=30)), max_size=20))
def test_it_never_raises(pairs: list[tuple[str, bytes]]) -> None:
    joined(pairs)
