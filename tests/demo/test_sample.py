"""The sample mailbox shows what mail is really like, and is the same for the same moment and seed."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from mailtui.demo import sample
from mailtui.demo.telling import Sample

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


def parsed(each: Sample) -> EmailMessage:
    message = message_from_bytes(each.source, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.fixture(scope="module")
def mailbox() -> list[Sample]:
    return [*sample.mailbox(NOW, 1), *sample.pictures(NOW)]


@pytest.fixture(scope="module")
def messages(mailbox: list[Sample]) -> list[EmailMessage]:
    return [parsed(each) for each in mailbox]


def test_it_is_the_same_for_the_same_moment_and_seed() -> None:
    assert sample.mailbox(NOW, 1) == sample.mailbox(NOW, 1)
    assert sample.mailbox(NOW, 1) != sample.mailbox(NOW, 2)


@pytest.mark.parametrize("hour", [0, 6, 23])
def test_all_of_it_is_in_the_past_and_the_newest_is_minutes_old(hour: int) -> None:
    now = NOW.replace(hour=hour, minute=1)
    times = [each.when for each in sample.mailbox(now, 1)]
    assert times == sorted(times)
    assert max(times) <= now
    assert now - max(times) < timedelta(minutes=5)


def test_there_are_about_300_in_two_accounts_and_a_dozen_folders_each(mailbox: list[Sample]) -> None:
    assert 270 <= len(mailbox) <= 330
    folders = Counter((each.account, each.folder) for each in mailbox)
    for account in ("work", "home"):
        used = {folder for key, folder in folders if key == account}
        assert len(used) >= 12
        assert used - {"INBOX"} <= set(sample.FOLDERS[account])
    assert any("/" in folder for _, folder in folders)
    assert not all(folder.isascii() for _, folder in folders)


def test_every_message_can_be_parsed_and_has_an_id_of_its_own(messages: list[EmailMessage]) -> None:
    ids = Counter(str(message["Message-ID"]) for message in messages)
    assert max(ids.values()) == 1
    for message in messages:
        assert [part.defects for part in message.walk() if part.defects] == [], message["Subject"]
        for field in ("From", "To", "Subject", "Date"):
            assert message[field], field


def test_lines_end_with_cr_lf_and_are_not_too_long(mailbox: list[Sample]) -> None:
    for each in mailbox:
        assert each.source.count(b"\n") == each.source.count(b"\r\n") == each.source.count(b"\r")
        assert max(map(len, each.source.split(b"\r\n"))) <= 998


def test_replies_know_what_they_reply_to(messages: list[EmailMessage]) -> None:
    ids = {str(message["Message-ID"]) for message in messages}
    replies = [message for message in messages if message["In-Reply-To"]]
    assert len(replies) > 80
    for reply in replies:
        assert str(reply["In-Reply-To"]) in ids
        assert str(reply["References"]).split()[-1] == str(reply["In-Reply-To"])


def test_subjects_come_in_many_scripts(messages: list[EmailMessage]) -> None:
    subjects = "".join(str(message["Subject"]) for message in messages)
    for script in ("会", "ق", "ש", "П", "🎂", "Ü"):
        assert script in subjects


def test_the_kinds_of_mail_that_break_clients_are_there(mailbox: list[Sample]) -> None:
    messages = [parsed(each) for each in mailbox]
    types = Counter(part.get_content_type() for message in messages for part in message.walk())
    for kind in ("text/calendar", "application/pdf", "image/png", "text/csv", "message/delivery-status"):
        assert types[kind], kind
    assert types["multipart/report"] == 1
    assert sum(message.get_content_type() == "text/html" for message in messages) > 10
    assert any(b"format=flowed" in each.source for each in mailbox)
    assert any(b"iso-8859-1" in each.source and b"\xfc" in each.source for each in mailbox)
    assert any(len(each.source) > 3_000_000 for each in mailbox)
    assert any(message.get_body() and len(str(message.get_body())) > 30_000 for message in messages)
    assert any(b">>>>> " in each.source for each in mailbox)


def test_newsletters_are_made_as_newsletters_are(mailbox: list[Sample]) -> None:
    pages = [parsed(each) for each in mailbox if b"utm_campaign" in each.source]
    assert len(pages) >= 20
    for message in pages:
        html = message.get_body(("html",))
        assert html is not None
        text = html.get_content()
        assert 'role="presentation"' in text
        assert "display:none;max-height:0" in text
        assert 'width="1" height="1"' in text
        assert "{{" not in text
        assert message["List-Unsubscribe"]


def test_mailing_lists_say_that_they_are(mailbox: list[Sample]) -> None:
    listed = [each for each in mailbox if each.folder.startswith("Lists/")]
    assert len(listed) > 50
    for each in listed:
        assert parsed(each)["List-Id"]


def test_flags_are_as_varied_as_in_life(mailbox: list[Sample]) -> None:
    flags = Counter(flag for each in mailbox for flag in each.flags)
    unread = [each for each in mailbox if "\\Seen" not in each.flags]
    assert 20 < len(unread) < 80
    assert flags["\\Flagged"] >= 4
    assert flags["\\Answered"] >= 10
    assert flags["\\Draft"] == 3
    drafts = [each.folder for each in mailbox if "\\Draft" in each.flags]
    assert set(drafts) == {"Drafts"}


def test_own_mail_lies_in_sent(mailbox: list[Sample]) -> None:
    sent = [parsed(each) for each in mailbox if each.folder == "Sent"]
    assert len(sent) > 12
    assert {message["From"].addresses[0].display_name for message in sent} == {"Robin Hale"}


def test_nobody_in_it_is_real(messages: list[EmailMessage]) -> None:
    for message in messages:
        for field in ("From", "To", "Cc"):
            for header in message.get_all(field, []):
                for address in header.addresses:
                    assert address.domain.endswith(".example"), address


def test_the_welcome_is_on_top(mailbox: list[Sample]) -> None:
    newest = max((each for each in mailbox if each.folder == "INBOX"), key=lambda each: each.when)
    assert parsed(newest)["Subject"] == "Welcome to mailtui"
