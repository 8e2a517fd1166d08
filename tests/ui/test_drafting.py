"""What is said about a draft before it goes."""

from dataclasses import replace

import pytest

from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from mailtui.model.draft import Attachment, Draft
from mailtui.ui import drafting

DRAFT = Draft("1", "work", "kim@example.org", to="ana@example.org", subject="Hi", body="Hello")
FILE = Attachment("/a.pdf", "a.pdf")


def told(**changes: object) -> list[tuple[str, bool]]:
    draft = replace(DRAFT, **changes)  # type: ignore[arg-type]  # each test names fields of Draft
    return [(one.field, one.blocks) for one in drafting.remarks(draft, {"/a.pdf": 10})]


def test_a_complete_message_needs_no_remark() -> None:
    assert told() == []
    assert told(attachments=(FILE,), body="see the attached file") == []


@pytest.mark.parametrize(
    ("changes", "remarks"),
    [
        ({"to": ""}, [("to", True)]),
        ({"to": " , ", "bcc": "a@example.org"}, []),
        ({"to": "ana"}, [("to", True)]),
        ({"cc": "ana@example.org, nobody"}, [("cc", True)]),
        ({"bcc": "@"}, [("bcc", True)]),
        ({"subject": " "}, [("subject", False)]),
        ({"body": " "}, [("text", False)]),
        ({"body": "the file is attached"}, [("attachments", False)]),
        ({"attachments": (Attachment("/gone", "gone"),)}, [("attachments", True)]),
    ],
)
def test_what_is_missing_is_remarked(changes: dict[str, object], remarks: list[tuple[str, bool]]) -> None:
    assert told(**changes) == remarks


@pytest.mark.parametrize(
    "text",
    ["I attach the plan", "Attached:", "im Anhang", "Anbei die Rechnung", "ci-joint le plan", "te lo adjunto",
     "in allegato", "em anexo", "zie bijlage", "se bifogad fil", "資料を添付します", "прикрепляю файл"],
)  # fmt: skip
def test_promises_of_attachments_in_several_languages(text: str) -> None:
    assert told(body=text) == [("attachments", False)]


def test_promises_in_quotes_and_unattached_words_do_not_count() -> None:
    assert told(body="No.\n\nOn Monday, Ana <a@example.org> wrote:\n> the file is attached") == []
    assert told(body="I am quite detached") == []


def test_recipients_are_counted_once() -> None:
    draft = replace(DRAFT, to="a@example.org, B <b@example.org>", cc="A@example.org", bcc="nonsense")
    assert drafting.recipients(draft) == 2


def test_every_address_of_every_account_can_be_written_from() -> None:
    server = Server("imap.example.org", 993, Security.TLS, "kim")
    account = Account(
        "work", Address("Kim", "kim@example.org"), server, aliases=(Address("", "k@example.org"),)
    )
    assert [one.sender for one in drafting.identities([account])] == [
        "Kim <kim@example.org>",
        "Kim <k@example.org>",
    ]


@pytest.mark.parametrize(
    ("body", "before", "after", "result"),
    [
        ("Hi\n\n-- \nKim\n", "Kim", "K. Lee", "Hi\n\n-- \nK. Lee\n"),
        ("Hi\n\n-- \nKim\n", "Kim", "", "Hi\n"),
        ("Hi", "", "K. Lee", "Hi\n\n-- \nK. Lee\n"),
        ("Hi", "Kim", "K. Lee", "Hi"),
    ],
)
def test_another_account_brings_its_signature(body: str, before: str, after: str, result: str) -> None:
    assert drafting.signed_anew(body, before, after) == result
