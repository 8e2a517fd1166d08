"""Delivery reports: what comes back when there is nobody at an address (RFC 3464)."""

from datetime import datetime, timedelta
from email.utils import format_datetime

from mailtui.demo.composing import Letter, address, build, multipart
from mailtui.demo.correspondents import PEOPLE, WORK, Person
from mailtui.demo.telling import Sample, arrival

_SAID = """This is the mail system at mail.tidewater.example.

I am sorry to tell you that your message could not be delivered.

  <{failed}>: host mx.{domain} said:
  550 5.1.1 No such person here (in reply to RCPT TO command)

The header of your message is attached.
"""
_STATUS = """Reporting-MTA: dns; mail.tidewater.example

Final-Recipient: rfc822; {failed}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such person here
"""


def sample(now: datetime) -> Sample:
    """The report on a letter that Robin sent to Kasia with two letters swapped."""
    date = now - timedelta(days=1, hours=3)
    lost = Letter(
        sender=WORK,
        to=[Person("wrong", "Kasia Nowak", "kasai@coastdata.example")],
        subject="Comments on the draft, first half",
        date=date - timedelta(minutes=1),
        message_id="<draft-comments@tidewater.example>",
        text="Hello Kasia,\n\nhere is the first half. The table on page six is lovely.\n\nRobin\n",
    )
    source = report(WORK, "kasai@coastdata.example", build(lost), lost.message_id, date)
    return Sample("work", "INBOX", source, (), arrival(date))


def report(to: Person, failed: str, source: bytes, message_id: str, date: datetime) -> bytes:
    """A multipart/report to `to`: the message `source` found nobody at `failed`."""
    domain = failed.rpartition("@")[2]
    sender = PEOPLE["postmaster"]
    header = source.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
    texts = (
        ("text/plain; charset=utf-8", _SAID.format(failed=failed, domain=domain).encode()),
        ("message/delivery-status", _STATUS.format(failed=failed).encode()),
        ("text/rfc822-headers", header + b"\n"),
    )
    parts = [f"Content-Type: {kind}\r\n\r\n".encode() + text.replace(b"\n", b"\r\n") for kind, text in texts]
    fields = (
        f"From: {address(sender)}",
        f"To: {address(to)}",
        "Subject: Undelivered mail returned to sender",
        f"Date: {format_datetime(date)}",
        f"Message-ID: <report-{date:%Y%m%d%H%M%S%f}@{sender.domain}>",
        f"References: {message_id}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
    )
    head = "".join(f"{line}\r\n" for line in fields).encode()
    return head + multipart("report", "report-of-delivery", parts, " report-type=delivery-status;")
