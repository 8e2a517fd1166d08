"""Turns the threads of a story into messages in folders: dates, ids, quotes, copies, flags."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from mailtui.demo import correspondents, files, when
from mailtui.demo.composing import Encoding, Letter, build
from mailtui.demo.correspondents import LISTS, PEOPLE, MailingList, Person
from mailtui.demo.story import Post, Thread

_PREFIX = {"sensors-dev": "[sensors-dev] ", "wheelers": "[wheelers] ", "choir": "", "tide-users": ""}
_NEVER_ANSWERED = {"railway", "casa"}  # tickets and bookings that friends only talk about
_FRESH = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Sample:
    """A message of the sample mailbox. `account` is "work" or "home"."""

    account: str
    folder: str
    source: bytes
    flags: tuple[str, ...]
    when: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A letter and where it belongs: what threads become before they are octets."""

    letter: Letter
    post: Post
    folder: str
    flags: tuple[str, ...]


def tell(thread: Thread, now: datetime) -> Iterator[Told]:
    """The messages of a thread as they stand at `now`, oldest first."""
    answered = {
        index - 1
        for index, post in enumerate(thread.posts)
        if index and post.by == thread.account and "draft" not in post.marks
    }
    letters: list[Letter] = []
    for index, post in enumerate(thread.posts):
        letters.append(_letter(thread, post, letters, now))
        yield Told(
            letters[-1],
            post,
            _folder(thread, post),
            tuple(_flags(thread, post, letters[-1], now, answered=index in answered)),
        )


def samples(thread: Thread, now: datetime) -> Iterator[Sample]:
    for told in tell(thread, now):
        yield Sample(thread.account, told.folder, build(told.letter), told.flags, arrival(told.letter.date))


def arrival(sent: datetime) -> datetime:
    """When the server had it: a moment later."""
    return sent + timedelta(seconds=2)


def reply_subject(subject: str) -> str:
    return subject if re.match(r"(re|aw|sv):", subject, re.IGNORECASE) else f"Re: {subject}"


def quoted(letter: Letter, zone: tzinfo | None, *, whole: bool = False) -> str:
    """An attribution line (in the time of who quotes) and the text of `letter` as a quote, with what it
    quoted itself if `whole`."""
    text = letter.text if whole else own_words(letter.text)
    date = letter.date.astimezone(zone)
    said = f"On {date:%a}, {date.day} {date:%b %Y} at {date:%H:%M}, {letter.sender.name} wrote:"
    lines = [f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in text.split("\n")]
    return "\n".join([said, *lines])


def own_words(text: str) -> str:
    """A text without its signature and without the quote of an earlier message below it."""
    text = re.split(r"^-- $", text, maxsplit=1, flags=re.MULTILINE)[0]
    return re.split(r"^On \w{3}, .*wrote:$", text, maxsplit=1, flags=re.MULTILINE)[0].strip("\n")


def _letter(thread: Thread, post: Post, before: Sequence[Letter], now: datetime) -> Letter:
    sender = correspondents.person(post.by)
    subject = (_PREFIX.get(thread.list, "") + thread.subject) if thread.list else thread.subject
    to, cc = _recipients(thread, post, sender, before)
    text = when.with_dates(post.text, now)
    return Letter(
        sender=sender,
        to=to,
        cc=cc,
        subject=reply_subject(subject) if before else subject,
        date=when.moment(post.when, now).astimezone(sender.zone),
        message_id=f"<{thread.id}.{len(before) + 1}@{sender.domain}>",
        text=_with_quote(text, sender, post, before),
        files=tuple(files.make(each, now) for each in post.arguments("attach")),
        calendar=files.invitation(post.argument("invite"), sender, now) if post.argument("invite") else None,
        references=tuple(each.message_id for each in before[-8:]),
        headers=tuple(_headers(thread, post)),
        encoding=Encoding(post.argument("as") or "auto"),
    )


def _headers(thread: Thread, post: Post) -> Iterator[tuple[str, str]]:
    if thread.list:
        yield from LISTS[thread.list].headers
    if "machine" in post.marks:
        yield "Auto-Submitted", "auto-generated"
    if thread.folder == "Junk":
        yield from (("X-Spam-Flag", "YES"), ("X-Spam-Score", "11.4"))


def _recipients(
    thread: Thread, post: Post, sender: Person, before: Sequence[Letter]
) -> tuple[list[Person | MailingList], list[Person | MailingList]]:
    own = PEOPLE[thread.account]
    if thread.list:
        return [LISTS[thread.list]], [before[-1].sender] if before else []
    if "machine" in post.marks:
        return [own], []
    circle: list[Person | MailingList] = [own, *(PEOPLE[key] for key in thread.others)]
    writers = [letter.sender for letter in before if letter.sender.key not in _NEVER_ANSWERED]
    circle += [each for each in dict.fromkeys(writers) if each not in circle]
    to: list[Person | MailingList] = [each for each in writers[-1:] if each != sender]
    to = to or [each for each in circle if each != sender][:1] or [own]
    return to, [each for each in circle if each not in (sender, *to)]


def _with_quote(text: str, sender: Person, post: Post, before: Sequence[Letter]) -> str:
    if sender.signature and not before:
        text += f"\n\n-- \n{sender.signature}"
    has_own = any(line.startswith(">") for line in text.split("\n"))
    if not before or has_own or "bare" in post.marks:
        return text
    return f"{text}\n\n{quoted(before[-1], sender.zone, whole='deep' in post.marks)}"


def _folder(thread: Thread, post: Post) -> str:
    usual = thread.folder if post.by != thread.account or thread.list or "here" in post.marks else "Sent"
    return post.argument("in") or usual


def _flags(thread: Thread, post: Post, letter: Letter, now: datetime, *, answered: bool) -> Iterator[str]:
    own = post.by == thread.account
    fresh = bool(thread.list) and now - letter.date < _FRESH
    if own or not ("unread" in post.marks or fresh) or "read" in post.marks:
        yield "\\Seen"
    if answered and not own:
        yield "\\Answered"
    if "flagged" in post.marks:
        yield "\\Flagged"
    if "draft" in post.marks:
        yield "\\Draft"
    yield from post.arguments("keyword")
