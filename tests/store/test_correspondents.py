"""Completion offers addresses that were seen, those written to first."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mailtui.model.address import Address
from mailtui.store import correspondents
from tests.store.making import Store, indexed

ALICE = Address("Alice Example", "alice@example.org")


def offered(store: Store, prefix: str, limit: int = 8) -> list[str]:
    return [one.address for one in store.reader.correspondents(prefix, limit)]


def test_words_of_the_name_and_the_address_begin_like_what_is_typed(store: Store) -> None:
    store.fill(
        "INBOX",
        indexed(1, senders=(Address("Ana María Lima", "a.lima@firma.example"),)),
        indexed(2, senders=(Address("Bo Andersson", "bo@example.net"),)),
    )
    assert offered(store, "ana") == ["a.lima@firma.example"]
    assert offered(store, "maria") == ["a.lima@firma.example"]
    assert offered(store, "MARÍ") == ["a.lima@firma.example"]
    assert offered(store, "a.lima@f") == ["a.lima@firma.example"]
    assert offered(store, "firma") == ["a.lima@firma.example"]
    assert offered(store, "lima ana") == ["a.lima@firma.example"]
    assert set(offered(store, "an")) == {"a.lima@firma.example", "bo@example.net"}
    assert offered(store, "nobody") == []


def test_those_written_to_come_first_then_the_frequent(store: Store) -> None:
    store.fill(
        "INBOX",
        *(indexed(uid, senders=(Address("Often", "x.often@example.net"),)) for uid in range(1, 10)),
        indexed(20, senders=(Address("Once", "x.once@example.net"),)),
        indexed(21, senders=(ALICE,), to=(Address("Written", "x.written@example.net"),)),
    )
    assert offered(store, "x") == ["x.written@example.net", "x.often@example.net", "x.once@example.net"]
    assert offered(store, "x", 1) == ["x.written@example.net"]


def test_ones_own_addresses_are_not_offered(store: Store) -> None:
    store.fill("INBOX", indexed(1, to=(ALICE,)))
    assert offered(store, "alice") == []


def test_a_name_learnt_later_is_shown_and_found(store: Store) -> None:
    store.fill("INBOX", indexed(1, senders=(Address("", "Zed@Example.net"),)))
    assert store.reader.correspondents("zed") == [Address("", "Zed@Example.net")]
    store.fill("INBOX", indexed(2, senders=(Address("Zacharias Doe", "zed@example.net"),)))
    assert [one.name for one in store.reader.correspondents("zach")] == ["Zacharias Doe"]


def test_indexing_a_message_again_does_not_count_again(store: Store) -> None:
    often = indexed(1, senders=(Address("", "y.one@example.net"),))
    for _ in range(5):
        store.fill("INBOX", often)
    store.fill("INBOX", *(indexed(uid, senders=(Address("", "y.two@example.net"),)) for uid in (2, 3)))
    assert offered(store, "y") == ["y.two@example.net", "y.one@example.net"]


def test_nothing_typed_offers_the_best(store: Store) -> None:
    store.fill("INBOX", indexed(1))
    assert offered(store, "  ") == ["ana@example.net"]


def test_common_beginnings_are_found_by_rank(store: Store) -> None:
    with store.writer.transaction() as db:
        many = [Address("", f"m{number:05}@example.net") for number in range(correspondents.FEW + 50)]
        correspondents.written_to(db, many, 5)
        correspondents.written_to(db, many[700:], 6)
        correspondents.written_to(db, many[701:702], 7)
    assert offered(store, "m", 3)[0] == "m00701@example.net"
    assert offered(store, "m01234") == ["m01234@example.net"]


@settings(max_examples=150, deadline=None)
@given(prefix=st.text(st.characters(exclude_categories=()), max_size=20))
def test_nothing_that_is_typed_is_an_error(store_of_all: Store, prefix: str) -> None:
    store_of_all.reader.correspondents(prefix)
