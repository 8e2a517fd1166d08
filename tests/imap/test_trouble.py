"""Every response code that means trouble says what happened and what to do, and how it is to be taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mailtui.imap import trouble
from mailtui.imap.trouble import CommandRefused, farewell, refusal, sign_in_refusal
from mailtui.model.trouble import Insecure, ServerBusy, SignInRefused, Trouble, Unreachable

# RFC 5530 §3, RFC 9051 §7.1, RFC 4315, RFC 7889: those that come with a NO
TEMPORARY = ["UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "EXPUNGEISSUED"]
FOR_GOOD = ["OVERQUOTA", "NOPERM", "NONEXISTENT", "TRYCREATE", "ALREADYEXISTS", "CANNOT", "TOOBIG"]
FOR_GOOD += ["HASCHILDREN", "UNKNOWN-CTE", "READ-ONLY", "AUTHORIZATIONFAILED", "PRIVACYREQUIRED"]
DOUBTFUL = ["CONTACTADMIN", "CORRUPTION", "BADCHARSET"]


@pytest.mark.parametrize("code", TEMPORARY)
def test_what_passes_is_tried_again(code: str) -> None:
    raised = refusal("change flags", "NO", code, b"sorry")
    assert isinstance(raised, ServerBusy)
    assert raised.what == "The server refused to change flags: sorry"
    assert raised.advice.endswith("It will be tried again.")


@pytest.mark.parametrize("code", FOR_GOOD)
def test_what_stays_refused_is_permanent_and_says_what_to_do(code: str) -> None:
    raised = refusal("store a message", "NO", code, b"")
    assert isinstance(raised, CommandRefused)
    assert raised.permanent
    assert raised.advice
    assert raised.code == code


@pytest.mark.parametrize("code", DOUBTFUL)
def test_what_may_pass_or_not_is_neither_and_says_what_to_do(code: str) -> None:
    raised = refusal("open a folder", "NO", code, b"")
    assert isinstance(raised, CommandRefused)
    assert not raised.permanent
    assert raised.advice


@pytest.mark.parametrize("code", ["", "X-UNHEARD-OF", "PARSE", "CLOSED"])
def test_a_no_without_a_known_reason_may_pass(code: str) -> None:
    raised = refusal("search", "NO", code, b"no")
    assert isinstance(raised, CommandRefused)
    assert not raised.permanent


def test_a_bad_stays_bad_whatever_its_code() -> None:
    for code in ("", "CLIENTBUG", "UNAVAILABLE"):
        raised = refusal("search", "BAD", code, b"what?")
        assert isinstance(raised, CommandRefused)
        assert raised.permanent


@pytest.mark.parametrize("code", ["", "AUTHENTICATIONFAILED", "EXPIRED", "ALERT", "X-UNHEARD-OF"])
def test_a_password_is_asked_for_when_a_new_one_may_help(code: str) -> None:
    raised = sign_in_refusal("ana", "mail.example.test", "NO", code, b"no")
    assert isinstance(raised, SignInRefused)
    assert "ana" in raised.what
    assert "mail.example.test" in raised.what
    assert raised.advice


@pytest.mark.parametrize(
    ("code", "kind"),
    [(code, ServerBusy) for code in TEMPORARY]
    + [(code, CommandRefused) for code in ("CONTACTADMIN", "NOPERM", "AUTHORIZATIONFAILED", "REFERRAL")]
    + [("WEBALERT", CommandRefused), ("PRIVACYREQUIRED", Insecure)],
)
def test_no_password_is_asked_for_when_it_can_not_help(code: str, kind: type[Trouble]) -> None:
    raised = sign_in_refusal("ana", "mail.example.test", "NO", code, b"no")
    assert isinstance(raised, kind)
    assert raised.advice


@pytest.mark.parametrize("code", ["REFERRAL", "WEBALERT"])
def test_where_a_server_sends_us_is_not_shown(code: str) -> None:
    """The address is in the code's arguments, which nobody passes on."""
    raised = sign_in_refusal("ana", "mail.example.test", "NO", code, b"see there")
    assert "//" not in str(raised)


@pytest.mark.parametrize(
    ("code", "text", "greeting", "kind"),
    [
        ("UNAVAILABLE", b"", False, ServerBusy),
        ("", b"Too many connections", True, ServerBusy),
        ("", b"Too many bad commands", False, Unreachable),
        ("", b"Autologout", False, Unreachable),
        ("ALERT", b"down", True, Unreachable),
    ],
)
def test_a_farewell_is_understood(code: str, text: bytes, greeting: bool, kind: type[Trouble]) -> None:
    raised = farewell("mail.example.test", code, text, greeting=greeting)
    assert isinstance(raised, kind)
    assert "mail.example.test" in raised.what


@given(
    some.sampled_from(["NO", "BAD"]),
    some.sampled_from([*TEMPORARY, *FOR_GOOD, *DOUBTFUL, "", "EXPIRED", "ALERT"]),
    some.binary(max_size=5000),
)
def test_whatever_a_server_says_the_trouble_is_short(kind: str, code: str, text: bytes) -> None:
    for raised in (
        refusal("search", kind, code, text),
        sign_in_refusal("ana", "mail.example.test", kind, code, text),
        farewell("mail.example.test", code, text),
    ):
        assert len(raised.what) < trouble.TEXT_LIMIT + 100
