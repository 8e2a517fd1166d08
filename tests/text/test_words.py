"""Encoded words as the RFC has them, as senders write them, and as attackers do."""

import pytest
from hypothesis import given

from mailtui.text.words import decode
from tests.text.safety import hostile


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("no words here", "no words here"),
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße"),
        ("=?iso-8859-1?q?a_b?= c", "a b c"),
        ("=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"),
        ("=?utf-8?Q?a?=\t =?iso-8859-1?Q?=E9?=", "aé"),
        ("=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
        ("=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=", "ü"),
        ("=?utf-8*en?Q?hello?=", "hello"),
        ("=?utf-8?B?R3LDvMOfZQ?=", "Grüße"),
        ("=?utf-8?B?R3LDvMO\nfZQ==?=", "Grüße"),
        ("=?utf-8?Q?What? no?=", "What? no"),
        ("=?utf-8?Q?with space?=", "with space"),
        ("x=?utf-8?Q?y?=z", "xyz"),
        ("=?x-unknown?Q?a=C3=BC?=", "aü"),
        ("=?utf-8?Q?unfinished", "=?utf-8?Q?unfinished"),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("=?utf-8?Q?bad=ZZ?=", "bad=ZZ"),
    ],
)
def test_encoded_words(value: str, text: str) -> None:
    assert decode(value) == text


def test_an_unfinished_word_does_not_swallow_the_next() -> None:
    assert decode("=?a?q?x =?utf-8?Q?b?=") == "=?a?q?x b"


@given(hostile)
def test_nothing_raises(value: str) -> None:
    decode(f"=?utf-8?Q?{value}?= =?{value}?B?{value}?=")
