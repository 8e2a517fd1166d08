"""What is to be known about a draft before it goes: from whom it may be, what is missing in it. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from mailtui.model.account import Account
from mailtui.model.address import Address
from mailtui.model.draft import Draft
from mailtui.model.trouble import Trouble
from mailtui.text.addresses import typed_addresses
from mailtui.text.quote import own_words
from mailtui.text.sanitize import line

_MENTIONS = re.compile(
    r"\b(?:attach(?:ed|ing|ment|ments)?|enclosed|im anhang|angehängt|anbei|beigefügt|ci-jointe?s?"
    r"|pièces? jointes?|adjunt\w*|(?:in )?allegat\w*|em anexo|bijlagen?|bijgevoegd|bifoga\w*|bilagan?"
    r"|vedhæft\w*|vedlagt|vedlegg|liitteenä|załącz\w*|прикреп\w*|во вложении|прилагаю)\b|添付|附件|첨부",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^-- $", re.MULTILINE)
_LONGEST = 20_000  # characters of one's own words that are looked through


@dataclass(frozen=True, slots=True)
class Identity:
    """An account and one of its addresses as a From field has it."""

    account: str
    sender: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to see to. `field` is the id of the widget it is about; what `blocks` can't be sent."""

    field: str
    text: str
    blocks: bool = False


def identities(accounts: Iterable[Account]) -> list[Identity]:
    """Every address one can write from, the accounts' own first."""
    return [
        Identity(account.key, str(Address(person.name or account.address.name, person.address)))
        for account in accounts
        for person in (account.address, *account.aliases)
    ]


def remarks(draft: Draft, sizes: Mapping[str, int | None]) -> list[Remark]:
    """What the user should know before sending, what blocks first. `sizes` has the octets of each
    attached path, None for a file that can't be read."""
    found = [remark for field in ("to", "cc", "bcc") if (remark := _nonsense(draft, field)) is not None]
    if not found and not (draft.to.strip(" ,;") or draft.cc.strip(" ,;") or draft.bcc.strip(" ,;")):
        found.append(Remark("to", "Nobody is named in To.", blocks=True))
    found += [
        Remark("attachments", f"The attachment {line(one.name, 60)} can't be read.", blocks=True)
        for one in draft.attachments
        if sizes.get(one.path) is None
    ]
    if not draft.subject.strip():
        found.append(Remark("subject", "The subject is empty."))
    if not draft.attachments and (word := mention(draft)):
        found.append(Remark("attachments", f"The text says “{word}”, but nothing is attached."))
    if not _written(draft.body):
        found.append(Remark("text", "The text is empty." if draft.attachments else "The message is empty."))
    return found


def mention(draft: Draft) -> str:
    """The word in the user's own text that promises an attachment, "" if there is none."""
    said = "\n".join([draft.subject, *own_words(draft.body[:_LONGEST].split("\n"))])
    match = _MENTIONS.search(said)
    return match[0] if match else ""


def _written(body: str) -> bool:
    """Whether there is a text: a signature alone is none."""
    return bool(_SIGNATURE.split(body, 1)[0].strip())


def recipients(draft: Draft) -> int:
    """How many addresses the message would go to; those that can't be read don't count."""
    found: set[str] = set()
    for typed in (draft.to, draft.cc, draft.bcc):
        try:
            found |= {address.address.lower() for address in typed_addresses(typed)}
        except Trouble:
            continue
    return len(found)


def worth_keeping(draft: Draft, begun: Draft) -> bool:
    """Whether the user has put anything into it since it was begun."""
    return replace(draft, saved=0) != replace(begun, saved=0)


def signed_anew(body: str, before: str, after: str) -> str:
    """The text with the signature of another account, if that of the one before stands in it."""
    before, after = before.strip("\n"), after.strip("\n")
    old = f"-- \n{before}"
    if before and old in body:
        head, _, tail = body.rpartition(old)
        return f"{head}-- \n{after}{tail}" if after else head.rstrip("\n") + tail
    return f"{body}\n\n-- \n{after}\n" if after and not before else body


def _nonsense(draft: Draft, field: str) -> Remark | None:
    try:
        typed_addresses(str(getattr(draft, field)))
    except Trouble as trouble:
        return Remark(field, f"{field.title()}: {trouble}", blocks=True)
    return None
