"""What a search has found: here at once, and on the servers as they answer. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from mailtui.ui import glyphs
from mailtui.ui.widgets.message_list_source import Found


@dataclass(slots=True)
class Answer:
    """What one account's server has said so far. `found` counts all its hits, `messages` are those
    that were not found here."""

    found: int = 0
    messages: list[int] = field(default_factory=list)
    ended: bool = False
    trouble: str = ""

    def words(self, account: str) -> str:
        """What stands in the rule above its messages."""
        if self.trouble:
            return f"server: {account} {glyphs.TROUBLE} {self.trouble}"
        sign = glyphs.DONE if self.ended else glyphs.MORE
        if not self.found:
            return f"server: {account} {sign} {'found nothing' if self.ended else 'is looking'}"
        return f"server: {account} {sign} {self.found:,} found, {len(self.messages):,} new"


class Results:
    """Results here first, then each server's that are not among them, under a rule."""

    def __init__(self) -> None:
        self.here: tuple[int, ...] = ()
        self.answers: dict[str, Answer] = {}

    @property
    def running(self) -> bool:
        """Whether a server is still looking."""
        return any(not answer.ended for answer in self.answers.values())

    def ask(self, accounts: Sequence[str]) -> None:
        """The servers of these accounts were asked."""
        self.answers = {account: Answer() for account in accounts}

    def forget_servers(self) -> None:
        self.answers = {}

    def found(self, account: str, messages: Sequence[int]) -> None:
        """A server found these."""
        answer = self.answers.setdefault(account, Answer())
        known = {*self.here, *(one for other in self.answers.values() for one in other.messages)}
        answer.messages += [message for message in dict.fromkeys(messages) if message not in known]
        answer.found += len(messages)

    def ended(self, account: str, found: int, trouble: str) -> None:
        """A server has said all it will."""
        answer = self.answers.setdefault(account, Answer())
        answer.ended, answer.trouble = True, trouble
        answer.found = max(found, answer.found)

    def cancelled(self) -> None:
        """The user did not want to wait."""
        for answer in self.answers.values():
            if not answer.ended:
                answer.ended, answer.trouble = True, "stopped"

    @property
    def count(self) -> int:
        return len(self.here) + sum(len(answer.messages) for answer in self.answers.values())

    def source(self, title: str, nothing: tuple[str, ...]) -> Found:
        """Everything as a list, in order."""
        rows, rules = list(self.here), []
        for account, answer in self.answers.items():
            rules.append(answer.words(account))
            rows += [-len(rules), *answer.messages]
        return Found(title, tuple(rows), tuple(rules), nothing)
