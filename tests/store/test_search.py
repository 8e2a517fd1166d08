"""Search finds what was meant, newest first, whatever is typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailtui.model.address import Address
from mailtui.model.message import Flag
from mailtui.model.part import Body, Part
from mailtui.model.query import All, Any, Field, Node, Not, Query, Term
from mailtui.store.words import chunks
from tests.store import checking
from tests.store.making import START, Store, indexed


def text(word: str) -> Term:
    return Term(Field.TEXT, word)


def find(
    store: Store,
    *terms: Node,
    places: tuple[str, ...] = (),
    account: str | None = None,
    folder: int | None = None,
    limit: int = 1000,
) -> list[str]:
    """Subjects of what is found for all of these terms."""
    found = store.reader.search(Query(All(terms), places), account, folder, limit)
    return [summary.subject for summary in store.reader.summaries(found)]


@pytest.fixture
def mail(store: Store) -> Store:
    messages = store.fill(
        "INBOX",
        indexed(1, "Budget report", senders=(Address("Ana Lima", "ana@example.net"),)),
        indexed(
            2, "Re: Budget report", Flag.SEEN | Flag.ANSWERED, senders=(Address("Bo", "bo@firma.example"),)
        ),
        indexed(3, "Réunion à Zürich", Flag.FLAGGED, to=(Address("José", "jose@example.org"),)),
        indexed(4, "東京の天気予報について", size=5_000_000, attachments=True),
        indexed(5, "report of the budget", keywords=("$Work", "$Forwarded")),
        indexed(6, "Party 🎉", cc=(Address("Zoë Ng", "zoe@example.com"),)),
    )
    store.writer.put_body(messages[0], Body("The quarterly numbers are attached.\nSee budget of next year."))
    store.fill("Archive", indexed(7, "Old budget"))
    store.fill("Trash", indexed(8, "Thrown away budget"))
    return store


def test_words_are_found_anywhere_newest_first(mail: Store) -> None:
    assert find(mail, text("budget")) == [
        "Thrown away budget",
        "Old budget",
        "report of the budget",
        "Re: Budget report",
        "Budget report",
    ]


def test_every_word_must_be_there(mail: Store) -> None:
    assert find(mail, text("budget"), text("quarterly")) == ["Budget report"]
    assert find(mail, text("budget"), text("nothing")) == []


def test_several_words_in_one_term_are_a_phrase(mail: Store) -> None:
    assert find(mail, text("budget report")) == ["Re: Budget report", "Budget report"]
    assert find(mail, Term(Field.SUBJECT, "re: budget")) == ["Re: Budget report"]
    assert find(mail, Term(Field.BODY, "numbers are attached")) == ["Budget report"]


def test_the_last_word_may_be_only_begun(mail: Store) -> None:
    assert find(mail, text("quart")) == ["Budget report"]
    assert find(mail, text("uarterly")) == []
    assert find(mail, text("budget rep")) == ["Re: Budget report", "Budget report"]


def test_fields_look_where_they_say(mail: Store) -> None:
    assert find(mail, Term(Field.FROM, "ana")) == find(mail, Term(Field.FROM, "ana@example.net"))
    assert "Re: Budget report" not in find(mail, Term(Field.FROM, "ana"))
    assert find(mail, Term(Field.FROM, "firma.example")) == ["Re: Budget report"]
    assert find(mail, Term(Field.TO, "zoe")) == ["Party 🎉"]
    assert find(mail, Term(Field.TO, "jose@example.org")) == ["Réunion à Zürich"]
    assert find(mail, Term(Field.SUBJECT, "quarterly")) == []
    assert find(mail, Term(Field.BODY, "quarterly")) == ["Budget report"]


def test_accents_and_case_do_not_matter(mail: Store) -> None:
    for typed in ("reunion", "RÉUNION", "zurich", "Zürich", "a zurich"):
        assert find(mail, text(typed)) == ["Réunion à Zürich"]


@pytest.mark.parametrize("typed", ["東京", "天気", "予報について", "京の天"])
def test_parts_of_sentences_without_spaces_are_found(mail: Store, typed: str) -> None:
    assert find(mail, text(typed)) == ["東京の天気予報について"]
    assert find(mail, Term(Field.SUBJECT, typed)) == ["東京の天気予報について"]
    assert find(mail, text(typed[::-1])) == []


def test_signs_without_letters_are_found_too(mail: Store) -> None:
    assert find(mail, text("🎉")) == ["Party 🎉"]


def test_flags_keywords_sizes_and_dates(mail: Store) -> None:
    inbox = mail.folder("INBOX")
    assert find(mail, Term(Field.IS, "flagged")) == ["Réunion à Zürich"]
    assert (
        find(mail, Term(Field.IS, "answered")) == find(mail, Term(Field.IS, "read")) == ["Re: Budget report"]
    )
    assert "Re: Budget report" not in find(mail, Term(Field.IS, "unread"), folder=inbox)
    assert find(mail, Term(Field.IS, "forwarded")) == ["report of the budget"]
    assert find(mail, Term(Field.KEYWORD, "$work")) == ["report of the budget"]
    assert find(mail, Term(Field.KEYWORD, "$wor")) == []
    assert find(mail, Term(Field.HAS, "attachment")) == ["東京の天気予報について"]
    assert find(mail, Term(Field.LARGER, "2M", 2_000_000)) == ["東京の天気予報について"]
    assert len(find(mail, Term(Field.SMALLER, "2M", 2_000_000))) == 7
    assert find(mail, Term(Field.BEFORE, "", START + 120)) == ["Budget report"]
    assert find(mail, Term(Field.AFTER, "", START + 480)) == ["Thrown away budget"]
    assert find(
        mail, text("budget"), Term(Field.AFTER, "", START + 120), Term(Field.BEFORE, "", START + 300)
    ) == ["Re: Budget report"]
    assert find(mail, Term(Field.IS, "nonsense")) == find(mail, Term(Field.HAS, "nonsense")) == []


def test_a_message_id_is_found_with_and_without_its_brackets(mail: Store) -> None:
    (message,) = mail.fill("Archive", indexed(30, "Named", message_id="<x.y+z@example.org>"))
    for typed in ("<x.y+z@example.org>", "x.y+z@example.org"):
        assert mail.reader.search(Query(Term(Field.ID, typed))) == [message]
    assert find(mail, Term(Field.ID, "")) == find(mail, Term(Field.ID, "other@example.org")) == []


def test_names_of_attached_files_are_found(mail: Store) -> None:
    raw = b'("APPLICATION" "PDF" ("NAME" "invoice-2026.pdf") NIL NIL "BASE64" 100 NIL ("ATTACHMENT" NIL) NIL)'
    plain, encoded = mail.fill(
        "INBOX",
        indexed(20, "Plain", structure=raw, attachments=True),
        indexed(21, "Encoded", structure=raw.replace(b"invoice-2026", b"=?utf-8?q?x?="), attachments=True),
    )
    assert mail.reader.search(Query(Term(Field.FILE, "invoice-2026.pdf"))) == [plain]
    part = Part("2", "application/pdf", 10, disposition="attachment", name="Reisekosten März.pdf")
    mail.writer.put_structure(encoded, Part("", "multipart/mixed", children=(part,)))
    assert mail.reader.search(Query(Term(Field.FILE, "marz"))) == [encoded]
    assert mail.reader.search(Query(text("marz"))) == []


def test_and_or_and_not_nest(mail: Store) -> None:
    either = Any((Term(Field.IS, "flagged"), Term(Field.FROM, "bo")))
    assert find(mail, either) == ["Réunion à Zürich", "Re: Budget report"]
    assert find(mail, text("budget"), Not(text("report"))) == ["Thrown away budget", "Old budget"]
    assert find(mail, Not(Any((text("budget"), Term(Field.HAS, "attachment"))))) == [
        "Party 🎉",
        "Réunion à Zürich",
    ]
    words = Any((All((text("old"), text("budget"))), text("party"), text("report of")))
    assert find(mail, words) == ["Old budget", "Party 🎉", "report of the budget"]
    assert len(find(mail)) == 8
    assert find(mail, Any(())) == []


def test_the_scope_is_a_folder_an_account_or_all(mail: Store) -> None:
    mail.usual_folders("home", "alice@example.com")
    mail.writer.index(mail.folder("INBOX", "home"), [indexed(9, "budget at home")])
    assert find(mail, text("budget"), folder=mail.folder("Archive", "work")) == ["Old budget"]
    assert find(mail, text("budget"), account="home") == ["budget at home"]
    assert find(mail, text("budget"))[0] == "budget at home"
    assert len(find(mail, text("budget"), account="work")) == 5


def test_in_chooses_folders_by_name_path_or_role(mail: Store) -> None:
    inbox = mail.folder("INBOX")
    mail.fill("Projects/Alpha", indexed(11, "Alpha budget"))
    assert find(mail, text("budget"), places=("trash",), folder=inbox) == ["Thrown away budget"]
    assert find(mail, text("budget"), places=("ALPHA",), folder=inbox) == ["Alpha budget"]
    assert find(mail, text("budget"), places=("projects/alpha", "archive")) == ["Alpha budget", "Old budget"]
    assert len(find(mail, text("budget"), places=("all",), folder=inbox)) == 6
    assert find(mail, text("budget"), places=("nowhere",)) == []


def test_the_number_of_hits_can_be_limited(mail: Store) -> None:
    assert find(mail, text("budget"), limit=2) == ["Thrown away budget", "Old budget"]


def test_a_filter_gives_every_match_of_the_folder(mail: Store) -> None:
    inbox = mail.folder("INBOX")
    found = mail.reader.matching(inbox, Query(text("report")))
    assert found.typecode == "q"
    assert [one.subject for one in mail.reader.summaries(found)] == [
        "report of the budget",
        "Re: Budget report",
        "Budget report",
    ]
    assert len(mail.reader.matching(inbox, Query(Term(Field.IS, "unread")))) == 5
    assert len(mail.reader.matching(inbox, Query(All(())))) == 6


def test_what_left_the_view_is_not_found(mail: Store) -> None:
    mail.writer.vanish(mail.folder("Archive"), [7])
    assert "Old budget" not in find(mail, text("budget"))


def test_a_body_that_is_replaced_is_found_by_its_new_words_only(mail: Store) -> None:
    (message,) = mail.reader.search(Query(text("quarterly")))
    mail.writer.put_body(message, Body("Something else"))
    mail.writer.put_body(message, Body("only in html"), html=True)
    assert find(mail, text("quarterly")) == []
    assert find(mail, text("something else")) == ["Budget report"]
    checking.whole(mail.path)


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "'",
        "*",
        'a"b',
        "NEAR(",
        "NEAR(a b, 5)",
        "a OR 1=1",
        "'; DROP TABLE message; --",
        "subject:",
        "col:umn",
        "^begin",
        "a + b",
        "{x}",
        "-",
        "()",
        "\0",
        "a\0b",
        "\ud800",
        "%",
        "_",
        "AND",
        "NOT",
        "\\",
        "x" * 100_000,
        "y " * 50_000,
        "京" * 100_000,
        "हिन्दी में",
        "ภาษาไทย",
        "𞤀𞤁",
        "é" * 3000,
        "",
        "   ",
    ],
)
@pytest.mark.parametrize("field", list(Field))
def test_nothing_that_is_typed_is_an_error(store_of_all: Store, field: Field, typed: str) -> None:
    store_of_all.reader.search(Query(Term(field, typed, 5)))
    store_of_all.reader.search(Query(All((Not(Term(field, typed)), text("a")))))


terms = st.builds(
    Term,
    st.sampled_from(list(Field)),
    st.text(st.characters(exclude_categories=()), max_size=30),
    st.integers(-(2**70), 2**70),
)
nodes = st.recursive(
    terms,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(Any, st.lists(inner, max_size=3).map(tuple))
        | st.builds(All, st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(root=nodes, places=st.lists(st.text(max_size=5), max_size=2).map(tuple))
def test_no_query_is_an_error(store_of_all: Store, root: Node, places: tuple[str, ...]) -> None:
    store_of_all.reader.search(Query(root, places))
    store_of_all.reader.search(Query(root), folder=store_of_all.folder("INBOX"))


def test_a_query_of_absurd_size_is_no_error(store_of_all: Store) -> None:
    wide = Any(tuple(text(f"word{number}") for number in range(5000)))
    deep: Node = text("deep")
    for _ in range(500):
        deep = Not(All((deep, text("x"))))
    store_of_all.reader.search(Query(wide))
    store_of_all.reader.search(Query(deep))
    store_of_all.reader.search(Query(All((wide, deep, Not(wide)))))


phrases = st.text("abé 東京x.-", min_size=1, max_size=12)


@settings(max_examples=100, deadline=None)
@given(subject=phrases, start=st.integers(0, 10), length=st.integers(1, 6))
def test_any_run_of_whole_words_of_a_subject_finds_it(
    store_of_all: Store, subject: str, start: int, length: int
) -> None:
    store = store_of_all
    uid = store.writer.folder_state(store.folder("Archive")).uidnext
    (message,) = store.fill("Archive", indexed(1 + uid + len(store.shown("Archive")), subject + " "))
    run = chunks(subject)[start : start + length]
    if run:
        assert message in store.reader.search(Query(Term(Field.SUBJECT, " ".join(run))), limit=-1)
