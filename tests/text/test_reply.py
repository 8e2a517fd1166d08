"""Answers go to the right people, quote what was shown, and keep the thread together."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given

from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from mailtui.model.message import Flag, Header, Message, Summary
from mailtui.model.part import Body, Link
from mailtui.model.trouble import Trouble
from mailtui.text import reply
from mailtui.text.addresses import typed_addresses
from tests.text.safety import assert_safe, hostile

ME = Address("Kim Lee", "kim@example.org")
ALIAS = Address("", "kim@alias.example")
ANA = Address("Ana", "ana@example.org")
BOB = Address("Bob, B.", "bob@example.org")
LIST = Address("", "team@lists.example")
ACCOUNT = Account("work", ME, Server("imap.example.org", 993, Security.TLS, "kim"), aliases=(ALIAS,))
SIGNED = replace(ACCOUNT, signature="Kim\nexample.org")


def message(**fields: object) -> Message:
    header = Header(subject="Budget", senders=(ANA,), to=(ME, BOB), message_id="<2@x>", sent=1_760_000_000)
    header = replace(header, **fields)  # type: ignore[arg-type]  # each test names fields of Header
    summary = Summary(7, "work", 1, Flag.NONE, (), 1_760_000_000, ANA, "", header.subject, 100, False)
    return Message(summary, header, 9)


def test_an_answer_goes_to_the_sender() -> None:
    draft = reply.reply(message(), Body("Hello\n\nbye"), ACCOUNT, draft="d")
    assert (draft.id, draft.account, draft.sender) == ("d", "work", "Kim Lee <kim@example.org>")
    assert (draft.to, draft.cc, draft.subject) == ("Ana <ana@example.org>", "", "Re: Budget")
    assert (draft.in_reply_to, draft.references, draft.answers) == ("<2@x>", ("<2@x>",), 7)


def test_an_answer_quotes_what_was_shown_below_an_attribution() -> None:
    zone = timezone(timedelta(hours=2))
    draft = reply.reply(message(), Body("Hello\n\n> you said\nbye\n-- \nAna"), SIGNED, draft="d", zone=zone)
    assert draft.body == (
        "\n\nOn Thu, 9 Oct 2025 at 10:53, Ana <ana@example.org> wrote:\n"
        "> Hello\n>\n>> you said\n> bye\n\n\n-- \nKim\nexample.org\n"
    )


def test_marks_of_links_are_not_quoted() -> None:
    body = Body(
        "see this [1] and [2] (→ evil.example) and [9]", (Link("a", "b"), Link("c", "d")), from_html=True
    )
    assert "> see this and and [9]" in reply.reply(message(), body, ACCOUNT, draft="d").body


def test_without_a_body_nothing_is_quoted() -> None:
    assert reply.reply(message(), None, ACCOUNT, draft="d").body == ""
    assert reply.reply(message(), Body(""), ACCOUNT, draft="d").body.count(">") <= 2


def recipients(*, everyone: bool, **fields: object) -> tuple[str, str]:
    draft = reply.reply(message(**fields), None, ACCOUNT, draft="d", everyone=everyone)
    return draft.to, draft.cc


def test_an_answer_to_all_leaves_oneself_out() -> None:
    assert recipients(everyone=True, cc=(ALIAS, LIST)) == (
        "Ana <ana@example.org>",
        '"Bob, B." <bob@example.org>, team@lists.example',
    )


def test_reply_to_is_honoured() -> None:
    assert recipients(everyone=False, reply_to=(BOB,))[0] == '"Bob, B." <bob@example.org>'


def test_a_list_that_claims_the_answers_gets_only_those_to_all() -> None:
    listed = {"reply_to": (LIST,), "list_post": "mailto:team@lists.example", "to": (LIST,)}
    assert recipients(everyone=False, **listed) == ("Ana <ana@example.org>", "")
    assert recipients(everyone=True, **listed) == ("team@lists.example", "Ana <ana@example.org>")


def test_following_up_on_what_one_sent_goes_to_its_recipients() -> None:
    assert recipients(everyone=False, senders=(ME,), to=(ANA, BOB))[0].startswith("Ana <ana@example.org>")
    assert recipients(everyone=True, senders=(ME,), to=(ANA, ME), cc=(BOB,)) == (
        "Ana <ana@example.org>",
        '"Bob, B." <bob@example.org>',
    )


def test_a_note_to_oneself_can_be_answered() -> None:
    assert recipients(everyone=True, senders=(ME,), to=(ME,)) == ("Kim Lee <kim@example.org>", "")


def test_nobody_is_named_twice() -> None:
    assert recipients(everyone=True, to=(ANA, BOB, BOB), cc=(replace(BOB, address="BOB@example.org"),)) == (
        "Ana <ana@example.org>",
        '"Bob, B." <bob@example.org>',
    )


def test_the_answer_is_from_the_address_that_was_written_to() -> None:
    assert reply.reply(message(to=(ALIAS,)), None, ACCOUNT, draft="d").sender == "Kim Lee <kim@alias.example>"


@pytest.mark.parametrize(
    ("subject", "answer", "forwarded"),
    [
        ("Budget", "Re: Budget", "Fwd: Budget"),
        ("Re: Budget", "Re: Budget", "Fwd: Re: Budget"),
        ("AW: Re: SV: Antw: Budget", "Re: Budget", "Fwd: AW: Re: SV: Antw: Budget"),
        ("Re[2]: RE^3: Budget", "Re: Budget", "Fwd: Re[2]: RE^3: Budget"),
        ("Fwd: Fw: WG: Budget", "Re: Fwd: Fw: WG: Budget", "Fwd: Budget"),
        ("回复：Budget", "Re: Budget", "Fwd: 回复：Budget"),
        ("Regarding: x", "Re: Regarding: x", "Fwd: Regarding: x"),
        ("", "Re:", "Fwd:"),
    ],
)
def test_prefixes_do_not_pile_up(subject: str, answer: str, forwarded: str) -> None:
    assert reply.answered_subject(subject) == answer
    assert reply.forwarded_subject(subject) == forwarded


def test_references_grow_and_stay_short() -> None:
    old = tuple(f"<old{n}@x>" for n in range(300))
    draft = reply.reply(message(references=old), None, ACCOUNT, draft="d")
    assert len(draft.references) == reply.MAX_REFERENCES
    assert (draft.references[0], draft.references[-1]) == ("<old0@x>", "<2@x>")
    assert reply.reply(message(in_reply_to="<1@x>"), None, ACCOUNT, draft="d").references == (
        "<1@x>",
        "<2@x>",
    )


def test_a_forward_passes_the_text_on() -> None:
    body = Body("Hello [1]", (Link("x", "https://a.example"),), from_html=True)
    draft = reply.forward(message(cc=(BOB,)), body, SIGNED, draft="d")
    assert (draft.to, draft.subject, draft.forwards, draft.in_reply_to) == ("", "Fwd: Budget", 7, "")
    assert draft.body == (
        "\n\n-- \nKim\nexample.org\n\n\n---------- Forwarded message ----------\n"
        "From: Ana <ana@example.org>\nDate: Thu, 9 Oct 2025 at 08:53\nSubject: Budget\n"
        'To: Kim Lee <kim@example.org>, "Bob, B." <bob@example.org>\nCc: "Bob, B." <bob@example.org>\n\n'
        "Hello [1]\n\n[1] https://a.example\n"
    )


def test_a_forward_as_attachment_carries_the_raw_message() -> None:
    draft = reply.forward_attached(message(), ACCOUNT, draft="d", path="/parts/1.eml")
    (attachment,) = draft.attachments
    assert (attachment.path, attachment.name, attachment.type) == (
        "/parts/1.eml",
        "Budget.eml",
        "message/rfc822",
    )


def test_a_mail_link_fills_in_only_what_is_harmless() -> None:
    draft = reply.mailto(
        "mailto:ana@example.org,bob%40example.org?cc=c@example.org&bcc=d@example.org&subject=Hi%20there%0D%0AX:y"
        "&body=one%0D%0Atwo&attach=/etc/passwd&from=evil@example.org&in-reply-to=%3C1@x%3E",
        ACCOUNT, draft="d",
    )  # fmt: skip
    assert (draft.to, draft.cc, draft.bcc) == (
        "ana@example.org, bob@example.org",
        "c@example.org",
        "d@example.org",
    )
    assert (draft.subject, draft.body, draft.in_reply_to) == ("Hi there X:y", "one\ntwo", "<1@x>")
    assert draft.attachments == ()
    assert draft.sender == "Kim Lee <kim@example.org>"


@pytest.mark.parametrize("link", ["https://example.org", "mailto:a%00@example.org", "file:///etc/passwd", ""])
def test_other_links_are_refused(link: str) -> None:
    with pytest.raises(Trouble):
        reply.mailto(link, ACCOUNT, draft="d")


@given(hostile)
def test_whatever_came_the_draft_is_safe(text: str) -> None:
    text = text.replace("\0", "")
    cleaned = reply.mailto(f"mailto:a@example.org?subject={text}&body={text}&cc={text}", ACCOUNT, draft="d")
    for shown in (cleaned.to, cleaned.cc, cleaned.subject, cleaned.in_reply_to):
        assert_safe(shown)
    assert_safe(cleaned.body, lines=True)
    assert_safe(reply.answered_subject(text) + reply.forwarded_subject(text))
    typed_addresses(cleaned.to)
