"""Newsletters as they are made today: layout tables, a hidden preheader, remote pictures, a tracker."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

from mailtui.demo.composing import Letter, build
from mailtui.demo.correspondents import HOME, WORK, Person
from mailtui.demo.newsletter_issues import Issue, issues
from mailtui.demo.telling import Sample, arrival
from mailtui.demo.when import moment

_PAGE = Path(__file__).parent / "threads" / "newsletter.html"
_FRESH = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Newsletter:
    """A publisher: whom it writes to, every how many days and when, and how it looks. With `plain`
    false it sends HTML only."""

    sender: Person
    to: Person
    folder: str
    every: int
    clock: str
    accent: str
    paper: str
    plain: bool


_ALL = (
    Newsletter(
        Person("loaf", "The Slow Loaf", "hello@slowloaf.example"),
        *(HOME, "Newsletters", 7, "07:05", "#a4522b", "#fbf5ec", True),
    ),
    Newsletter(
        Person("museum", "Northlight Museum", "news@northlight.example"),
        *(HOME, "Newsletters", 14, "09:30", "#1f4e5f", "#f2f5f4", False),
    ),
    Newsletter(
        Person("market", "Harbour Market", "offers@harbour-market.example"),
        *(HOME, "Newsletters", 5, "06:15", "#c2185b", "#ffffff", False),
    ),
    Newsletter(
        Person("tools", "Small Tools Weekly", "weekly@smalltools.example"),
        *(WORK, "Lists/Small Tools", 7, "12:00", "#3949ab", "#f7f7fb", True),
    ),
)


def samples(now: datetime) -> Iterator[Sample]:
    """Every issue; the newest of each is a day or two old, and at home lies in the inbox."""
    page = _PAGE.read_text(encoding="utf-8")
    for place, newsletter in enumerate(_ALL):
        own = [issue for issue in issues() if issue.key == newsletter.sender.key]
        for back, issue in enumerate(reversed(own)):
            date = moment(f"{1 + place % 2 + back * newsletter.every}d {newsletter.clock}", now)
            letter = _letter(newsletter, issue, date, page)
            folder = "INBOX" if back == 0 and newsletter.to is HOME else newsletter.folder
            flags = () if now - date < _FRESH else ("\\Seen",)
            yield Sample(newsletter.to.key, folder, build(letter), flags, arrival(date))


def _letter(newsletter: Newsletter, issue: Issue, date: datetime, page: str) -> Letter:
    sender = newsletter.sender
    local, _, domain = sender.address.partition("@")
    leave = f"https://click.{domain}/u/{issue.number:04d}?who=8f14e45f"
    return Letter(
        sender=sender,
        to=[newsletter.to],
        subject=issue.subject,
        date=date,
        message_id=f"<issue-{issue.number}@{domain}>",
        text=_plain(newsletter, issue, leave) if newsletter.plain else "",
        html=_filled(page, newsletter, issue, leave),
        headers=(
            ("List-Id", f"{sender.name} <{local}.{domain}>"),
            ("List-Unsubscribe", f"<{leave}>, <mailto:leave-8f14e45f@{domain}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("Precedence", "bulk"),
        ),
    )


def _link(newsletter: Newsletter, issue: Issue, number: int) -> str:
    campaign = f"utm_source=mail&utm_campaign=issue{issue.number}"
    return f"https://click.{newsletter.sender.domain}/c/{issue.number:04d}/{number}?{campaign}"


def _plain(newsletter: Newsletter, issue: Issue, leave: str) -> str:
    blocks = [issue.title, "=" * len(issue.title), "", issue.lead, ""]
    for number, (headline, text) in enumerate(issue.stories, 1):
        blocks += [headline, text, _link(newsletter, issue, number), ""]
    return "\n".join([*blocks, "-- ", f"Read this no more: {leave}"])


def _filled(page: str, newsletter: Newsletter, issue: Issue, leave: str) -> str:
    """The page with everything in its place; its story and its table are cut out and repeated."""
    start, story, between, table, end = page.split("<!--cut-->\n")
    looks = {"accent": newsletter.accent, "paper": newsletter.paper, "domain": newsletter.sender.domain}
    texts = {
        "name": newsletter.sender.name,
        "subject": issue.subject,
        "preheader": issue.preheader,
        "title": issue.title,
        "lead": issue.lead,
        "button": issue.button,
        "number": str(issue.number),
        "first": _link(newsletter, issue, 1),
        "leave": leave,
    }
    stories = [
        _put(
            story, {"headline": headline, "text": text, "place": str(n), "link": _link(newsletter, issue, n)}
        )
        for n, (headline, text) in enumerate(issue.stories, 1)
    ]
    tables = [table.replace("{{rows}}", _rows(issue))] if issue.table else []
    return _put("".join([start, *stories, between, *tables, end]), {**looks, **texts})


def _put(template: str, values: dict[str, str]) -> str:
    for key, value in values.items():
        template = template.replace("{{" + key + "}}", escape(value))
    return template


def _rows(issue: Issue) -> str:
    head, *body = issue.table
    lines = ["".join(f'<th align="left" style="padding:6px 10px">{escape(cell)}</th>' for cell in head)]
    style = "padding:6px 10px;border-top:1px solid #dddddd"
    lines += ["".join(f'<td style="{style}">{escape(cell)}</td>' for cell in row) for row in body]
    return "".join(f"<tr>{line}</tr>\n" for line in lines)
