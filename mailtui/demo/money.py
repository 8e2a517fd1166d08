"""Mail about money: the monthly invoices at work, the receipts at home."""

from collections.abc import Iterator
from datetime import datetime

from mailtui.demo import files
from mailtui.demo.composing import File, Letter, build
from mailtui.demo.correspondents import HOME, PEOPLE, WORK, Person
from mailtui.demo.document import pdf
from mailtui.demo.telling import Sample, arrival
from mailtui.demo.when import date_words, moment

_RECEIPTS = (
    # days ago, at, shop, address, what, price, whether a PDF is attached
    (2, "18:12", "Harbour Market", "till@harbour-market.example", "Storm lantern, tin, red", "18.00", True),
    (6, "09:41", "Quay Books", "till@quaybooks.example", "Lighthouses, a History", "14.50", False),
    (9, "05:46", "Atlantic Rail", "tickets@atlantic-rail.example", "3 × Lisbon, return", "612.00", True),
    (13, "12:03", "Café Meridian", "hello@meridian.example", "Two coffees and a bun", "8.20", False),
    (19, "16:30", "Wheel & Sons", "shop@wheelandsons.example", "Four little brackets", "6.00", False),
    (25, "11:11", "The Slow Loaf", "shop@slowloaf.example", "Proving basket, oval", "16.00", True),
    (34, "20:20", "Pegel Strings", "info@strings.example", "Cello strings, set", "71.00", True),
    (41, "10:05", "Harbour Market", "till@harbour-market.example", "Colander", "9.00", False),
    (42, "10:09", "Harbour Market", "till@harbour-market.example", "Colander, small", "7.00", False),
)
_RECEIPT = """<html><body><h1>Thank you, Robin</h1>
<table border="1" cellpadding="6"><tr><th>Article</th><th>Price</th></tr>
<tr><td>{what}</td><td align="right">£{price}</td></tr>
<tr><td><b>Total</b></td><td align="right"><b>£{price}</b></td></tr></table>
<p>Something wrong? Write to <a href="mailto:{address}">{address}</a>.</p></body></html>"""
_INVOICE = (
    ("Hosting, small plan", "38.00"),
    ("Traffic", "4.20"),
    ("Apology for last month", "-2.00"),
    ("Total", "40.20"),
)


def samples(now: datetime) -> Iterator[Sample]:
    """Nine invoices with PDFs, nine receipts in HTML only."""
    for month in range(9):
        yield _invoice(month, moment(f"{month * 30 + 3}d 06:10", now))
    for days, clock, shop, address, what, price, attached in _RECEIPTS:
        date = moment(f"{days}d {clock}", now)
        sender = Person("shop", shop, address)
        letter = Letter(
            sender=sender,
            to=[HOME],
            subject=f"Your receipt: {what}",
            date=date,
            message_id=f"<receipt-{days}@{sender.domain}>",
            html=_RECEIPT.format(what=what, price=price, address=address),
            files=(files.make(f"pdf Receipt-{days}.pdf", date),) if attached else (),
        )
        yield Sample("home", "Receipts", build(letter), ("\\Seen",), arrival(date))


def _invoice(month: int, date: datetime) -> Sample:
    sender = PEOPLE["hosting"]
    number = f"NW-{20841 - month * 13}"
    rows = [f"{what:40}{amount:>10}" for what, amount in _INVOICE]
    page = pdf(f"Invoice {number}", ["Tidewater Instruments", f"{date_words(date)} {date.year}", "", *rows])
    text = (
        f"Dear customer,\n\nyour invoice {number} is attached. "
        f"The amount of 40.20 will be\ncollected in a week.\n\n{sender.name}\n"
    )
    letter = Letter(
        sender=sender,
        to=[PEOPLE["tom"], WORK],
        subject=f"Invoice {number}",
        date=date,
        message_id=f"<{number}@{sender.domain}>",
        text=text,
        files=(File(f"{number}.pdf", "application/pdf", page),),
    )
    return Sample("work", "Invoices", build(letter), () if month == 0 else ("\\Seen",), arrival(date))
