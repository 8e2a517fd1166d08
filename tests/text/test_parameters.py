"""Structured fields with continuations, as the RFCs have them and as senders write them."""

import pytest
from hypothesis import given

from mailtui.text.parameters import parse
from tests.text.safety import hostile


@pytest.mark.parametrize(
    ("text", "value", "parameters"),
    [
        ('Text/Plain; charset="UTF-8"', "text/plain", {"charset": "UTF-8"}),
        ("text/plain;charset=utf-8;format=flowed", "text/plain", {"charset": "utf-8", "format": "flowed"}),
        ("text/plain; charset = utf-8 ;", "text/plain", {"charset": "utf-8"}),
        ("attachment; filename*=UTF-8''%e2%82%ac.txt", "attachment", {"filename": "€.txt"}),
        (
            "attachment; filename*0*=UTF-8''%e2%82; filename*1*=%ac; filename*2=.txt",
            "attachment",
            {"filename": "€.txt"},
        ),
        ("attachment; filename*1=b; filename*0=a", "attachment", {"filename": "ab"}),
        ('attachment; filename="=?utf-8?Q?=C3=BC.txt?="', "attachment", {"filename": "ü.txt"}),
        ('a/b; name="x; y\\"z"', "a/b", {"name": 'x; y"z'}),
        ("a/b; name=x; name=y", "a/b", {"name": "x"}),
        ("a/b; name=two words.txt", "a/b", {"name": "two words.txt"}),
        ('a/b; name="open', "a/b", {"name": "open"}),
        ("", "", {}),
        ("text/html (a comment)", "text/html", {}),
    ],
)
def test_fields(text: str, value: str, parameters: dict[str, str]) -> None:
    found = parse(text)
    assert (found.value, found.parameters) == (value, parameters)


@given(hostile)
def test_nothing_raises(text: str) -> None:
    parse(text)
    parse(f"text/plain; {text}={text}; name*0*={text}; name*1*={text}")


@pytest.mark.parametrize("piece", [";", "a=", '"', '"\\', "name*1=x;", "name*9999=x;", " ", "=", "a;"])
def test_floods_are_read_at_once(piece: str) -> None:
    assert len(parse("a/b;" + piece * (500_000 // len(piece))).parameters) <= 400
