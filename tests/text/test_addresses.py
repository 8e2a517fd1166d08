"""Address lists: as the RFC has them, as people type them, and as attackers fake them."""

import pytest
from hypothesis import given

from mailtui.model.address import Address
from mailtui.model.trouble import Trouble
from mailtui.text.addresses import MAX_ADDRESSES, addresses, typed_addresses
from tests.text.safety import assert_safe, hostile


def pairs(value: str) -> list[tuple[str, str]]:
    return [(found.name, found.address) for found in addresses(value)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", []),
        ("kim@example.org", [("", "kim@example.org")]),
        ("Kim Lee <kim@example.org>", [("Kim Lee", "kim@example.org")]),
        ('"Lee, Kim" <kim@a.example>, ana@b.example', [("Lee, Kim", "kim@a.example"), ("", "ana@b.example")]),
        ("=?utf-8?Q?A=2C_B?= <a@example.org>", [("A, B", "a@example.org")]),
        ('"=?utf-8?Q?J=C3=B6rg?=" <j@example.org>', [("Jörg", "j@example.org")]),
        ("kim@example.org (Kim)", [("Kim", "kim@example.org")]),
        ("undisclosed-recipients:;", []),
        ("team: a@example.org, B <b@example.org>; c@example.org",
         [("", "a@example.org"), ("B", "b@example.org"), ("", "c@example.org")]),
        ("<@relay.example,@b.example:kim@example.org>", [("", "kim@example.org")]),
        ('"john doe"@example.org', [("", '"john doe"@example.org')]),
        ("Pete (A \\) chap) <pete(his account)@silly.example>", [("Pete", "pete@silly.example")]),
        ("MAILER-DAEMON", [("MAILER-DAEMON", "")]),
        ("'kim@example.org' <kim@example.org>", [("", "kim@example.org")]),
        ("a @ example.org", [("", "a@example.org")]),
        ('"A \\"B\\" C" <a@example.org>', [('A "B" C', "a@example.org")]),
    ],
)  # fmt: skip
def test_lists(value: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(value) == expected


def test_an_encoded_word_never_becomes_an_address() -> None:
    assert pairs("=?utf-8?b?cG90dXNAd2hpdGVob3VzZS5nb3Y=?= <x@attacker.example>") == [
        ("potus@whitehouse.gov", "x@attacker.example")
    ]
    (found,) = addresses("=?utf-8?b?cG90dXNAd2hpdGVob3VzZS5nb3Y=?==?utf-8?Q?=00?=@attacker.example")
    assert found.address.endswith("@attacker.example")


def test_every_address_of_an_odd_from_is_shown() -> None:
    assert [a.address for a in addresses("<a@good.example> <b@evil.example>")] == [
        "a@good.example",
        "b@evil.example",
    ]
    assert pairs("a@good.example <b@evil.example>") == [("a@good.example", "b@evil.example")]


def test_a_flood_is_cut_off() -> None:
    assert len(addresses("a@example.org, " * 20_000)) == MAX_ADDRESSES
    assert addresses(";" * 100_000) == ()
    assert len(addresses("(" * 100_000)) <= 1


@given(hostile)
def test_what_is_found_is_safe_and_nothing_raises(value: str) -> None:
    for text in (value, f"{value} <{value}@example.org>", f'"{value}" <a@example.org>, {value}'):
        for found in addresses(text):
            assert_safe(found.name)
            assert_safe(found.address)


def test_typed_recipients() -> None:
    assert typed_addresses("kim@example.org; Ana Müller <ana@example.org>\nroot@localhost,") == (
        Address("", "kim@example.org"),
        Address("Ana Müller", "ana@example.org"),
        Address("", "root@localhost"),
    )
    assert typed_addresses(" ") == ()


@pytest.mark.parametrize(
    "value",
    ["Kim", "kim@", "@example.org", "a@b@c", "kim@exa mple.org x", "Kim <kim>", "a..b@example.org", "<>"],
)
def test_a_recipient_that_is_no_address_is_named(value: str) -> None:
    with pytest.raises(Trouble, match="is not an address"):
        typed_addresses(f"ana@example.org, {value}")


@given(hostile)
def test_typed_recipients_are_safe_or_refused(value: str) -> None:
    try:
        found = typed_addresses(value)
    except Trouble as trouble:
        assert_safe(str(trouble))
        return
    for address in found:
        assert_safe(address.name)
        assert_safe(address.address)
