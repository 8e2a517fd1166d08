"""What stands above the text of a message: subject, who, when, attachments, what to know. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rich.cells import cell_len, set_cell_size

from mailtui.model.address import Address
from mailtui.model.message import Message
from mailtui.model.part import Body, Part, attachments
from mailtui.text import wrap
from mailtui.ui import glyphs
from mailtui.ui.plain import cell, steady, width
from mailtui.ui.rows import Now
from mailtui.ui.widgets.message_view_tones import CardRow, Trim, Trimming
from mailtui.ui.wording import count, moment, size

SUBJECT_ROWS = 3
FILES = 6  # attachments named before the rest are only counted
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Opened:
    """All that is known of the open message. `here` are sections that were downloaded; `hints` are
    the keys for people, by action."""

    message: Message
    own: frozenset[str] = frozenset()
    root: Part | None = None
    body: Body | None = None
    here: frozenset[str] = frozenset()
    hints: dict[str, str] = field(default_factory=dict)


def card(opened: Opened, cells: int, now: Now) -> list[CardRow]:
    """The rows of the card, none wider than `cells`; the last one is a rule."""
    if cells < 1:
        return []
    rows = [
        *_subject(opened.message, cells),
        *_sender(opened.message, cells, now),
        *_recipients(opened, cells),
        *_files(opened, cells),
        *_notices(opened, cells),
    ]
    return [*(_fitted(row, cells) for row in rows), [Trimming(glyphs.RULE * cells, Trim.RULE)]]


def _fitted(row: CardRow, cells: int) -> CardRow:
    """Where there is hardly any room, what fits."""
    left = cells
    fitting: CardRow = []
    for text, trim in row:
        wide = cell_len(text)
        fitting.append(Trimming(text if wide <= left else set_cell_size(text, left), trim))
        left = max(left - wide, 0)
    return [piece for piece in fitting if piece.text]


def _wrapped(text: str, cells: int) -> list[str]:
    return [row.strip() for row in wrap.wrap(text, cells, cell_len)]


def _subject(message: Message, cells: int) -> list[CardRow]:
    subject = " ".join(steady(message.summary.subject).split())
    if not subject:
        return [[Trimming(cell("(no subject)", cells), Trim.LABEL)]]
    rows = _wrapped(subject, cells)
    if len(rows) > SUBJECT_ROWS:
        rows = [*rows[: SUBJECT_ROWS - 1], cell(" ".join(rows[SUBJECT_ROWS - 1 :]), cells).rstrip()]
    return [[Trimming(row, Trim.SUBJECT)] for row in rows]


def _sender(message: Message, cells: int, now: Now) -> list[CardRow]:
    """Every From address in full, however long; the date beside the first if there is room."""
    when = _date(message, now)
    rows: list[CardRow] = []
    for address in message.header.senders or (message.summary.sender,):
        rows += _address(address, cells)
    if not rows:
        rows = [[Trimming(cell("(no sender)", cells).rstrip(), Trim.LABEL)]]
    used = sum(width(piece.text) for piece in rows[0])
    if len(rows) == 1 and used + 2 + width(when) <= cells:
        rows[0].append(Trimming(" " * (cells - used - width(when)) + when, Trim.DATE))
    else:
        rows.append([Trimming(cell(when, cells).rstrip(), Trim.DATE)])
    return rows


def _address(address: Address, cells: int) -> list[CardRow]:
    name = " ".join(steady(address.name).split())
    place = steady(address.address) or "?"
    if name and width(name) + width(place) + 3 <= cells:
        return [[Trimming(name + " ", Trim.NAME), Trimming(f"<{place}>", Trim.ADDRESS)]]
    rows: list[CardRow] = [[Trimming(cell(name, min(cells, width(name))), Trim.NAME)]] if name else []
    shown = f"<{place}>" if name else place
    return rows + [[Trimming(row, Trim.ADDRESS if name else Trim.NAME)] for row in _wrapped(shown, cells)]


def _date(message: Message, now: Now) -> str:
    sent, received = message.header.sent, message.summary.received
    at = sent or received
    try:
        zone = datetime.fromtimestamp(at, now.zone).astimezone(now.zone).strftime("%z")
    except (OverflowError, ValueError, OSError):  # a date that no calendar holds: its zone least of all
        zone = ""
    shown = moment(at, now.seconds, now.zone) + (f" {zone[:3]}:{zone[3:5]}" if zone else "")
    if sent and abs(sent - received) > _DAY:
        shown += f" (arrived {moment(received, now.seconds, now.zone)})"
    return shown


def _recipients(opened: Opened, cells: int) -> list[CardRow]:
    header = opened.message.header
    lists = [("to", header.to), ("cc", header.cc)]
    if _answers_elsewhere(opened.message):
        lists.append(("replies to", header.reply_to))
    rows: list[CardRow] = []
    row: CardRow = []
    for label, people in lists:
        if not people:
            continue
        used = sum(width(piece.text) for piece in row)
        lead = f"{'  ' if row else ''}{label} "
        full = label == "replies to"
        names = _names(people, opened.own, cells - used - width(lead), full=full)
        if row and (full or width(names) < min(20, _all_names(people, opened.own))):
            rows.append(row)
            row, lead = [], f"{label} "
            names = _names(people, opened.own, cells - width(lead), full=full)
        row += [Trimming(cell(lead, min(width(lead), cells)), Trim.LABEL), Trimming(names, Trim.PEOPLE)]
    return [*rows, row] if row else rows


def _answers_elsewhere(message: Message) -> bool:
    senders = {address.address.lower() for address in message.header.senders}
    return any(address.address.lower() not in senders for address in message.header.reply_to)


def _name(address: Address, own: frozenset[str], *, full: bool) -> str:
    if full:
        return steady(str(address))
    return "me" if address.address.lower() in own else " ".join(steady(address.short).split())


def _all_names(people: Sequence[Address], own: frozenset[str]) -> int:
    return width(", ".join(_name(address, own, full=False) for address in people[:8]))


def _names(people: Sequence[Address], own: frozenset[str], cells: int, *, full: bool) -> str:
    """As many as fit, and how many more there are; one that alone is too long is cut."""
    shown: list[str] = []
    for index, address in enumerate(people):
        left = len(people) - index - 1
        more = f", +{left} more" if left else ""
        name = _name(address, own, full=full)
        if width(", ".join([*shown, name]) + more) > cells:
            break
        shown.append(name)
    left = len(people) - len(shown)
    if not shown:
        more = f", +{left - 1} more" if left > 1 else ""
        room = max(cells - width(more), 0)
        return cell(cell(_name(people[0], own, full=full), room) + more, max(cells, 0)).rstrip()
    return ", ".join(shown) + (f", +{left} more" if left else "")


def _files(opened: Opened, cells: int) -> list[CardRow]:
    files = attachments(opened.root) if opened.root else ()
    rows: list[CardRow] = []
    row: CardRow = []
    for part in files[:FILES]:
        here = part.section in opened.here
        detail = f" {size(part.octets)}{', ' + glyphs.DONE + ' here' if here else ''}"
        name = steady(part.name) or part.type
        wide = cells - width(detail) - 5
        name = cell(name, wide) if width(name) > wide else name
        used = sum(width(piece.text) for piece in row)
        if row and used + 5 + width(name) + width(detail) > cells:
            rows.append(row)
            row = []
        lead = f"{'   ' if row else ''}{glyphs.ATTACHED} "
        row += [Trimming(lead, Trim.LABEL), Trimming(name, Trim.FILE), Trimming(detail, Trim.DETAIL)]
    if len(files) > FILES:
        row.append(Trimming(f"   +{len(files) - FILES} more", Trim.DETAIL))
    if row and (key := opened.hints.get("parts")):
        used = sum(width(piece.text) for piece in row)
        hint = f"{key} opens and saves"
        if used + 3 + width(hint) <= cells:
            row.append(Trimming(" " * (cells - used - width(hint)) + hint, Trim.LABEL))
    return [[piece for piece in one if piece.text] for one in ([*rows, row] if row else rows)]


def _notices(opened: Opened, cells: int) -> list[CardRow]:
    rows: list[CardRow] = []
    for trim, text in (*_warnings(opened.message), *_of_body(opened)):
        lines = wrap.wrap(f"{glyphs.TROUBLE if trim is Trim.WARNING else '·'} {text}", cells, cell_len)
        rows += [[Trimming(line, trim)] for line in lines]
    return rows


def _warnings(message: Message) -> list[tuple[Trim, str]]:
    found: list[tuple[Trim, str]] = []
    for address in message.header.senders[:4]:
        name = address.name.lower()
        if "@" in name and address.address.lower() not in name:
            found.append((Trim.WARNING, "The sender's name looks like an address that it is not."))
            break
    if len(message.header.senders) > 1:
        found.append((Trim.WARNING, f"It names {count(len(message.header.senders), 'sender')}."))
    if message.trouble:
        found.append((Trim.WARNING, f"Its headers can't be read as they should: {steady(message.trouble)}"))
    return found


def _of_body(opened: Opened) -> list[tuple[Trim, str]]:
    body = opened.body
    if body is None:
        return []
    found: list[tuple[Trim, str]] = []
    if body.blocked:
        traced = f", {count(body.trackers, 'tracker')} among them" if body.trackers else ""
        found.append((Trim.NOTICE, f"{count(body.blocked, 'remote image')} not loaded{traced}."))
    if body.missing:
        key = opened.hints.get("show-whole", "")
        rest = f"; {key} fetches the rest" if key else ""
        found.append((Trim.NOTICE, f"{size(body.missing)} of the text are still on the server{rest}."))
    if body.trouble:
        found.append((Trim.WARNING, steady(body.trouble)))
    return found
