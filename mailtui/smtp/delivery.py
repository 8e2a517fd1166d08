"""What became of a message that was sent: values, the troubles of this room, and its limits on time."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailtui.model.trouble import Refused, Trouble


@dataclass(frozen=True, slots=True)
class Delivery:
    """The server took the message for `accepted`. It said no to `refused` for good and to `deferred`
    for now (RFC 5321 §4.2.1); both map a recipient to what the server said."""

    accepted: tuple[str, ...]
    refused: Mapping[str, str] = field(default_factory=dict)
    deferred: Mapping[str, str] = field(default_factory=dict)
    reply: str = ""


class RecipientsRefused(Refused):
    """Every recipient was refused for good; nothing was sent. `refused` maps each to the reason."""

    def __init__(self, refused: Mapping[str, str]) -> None:
        reasons = "; ".join(f"{address}: {reason}" for address, reason in refused.items())
        super().__init__(f"No recipient was accepted: {reasons}", "Check the addresses.")
        self.refused = dict(refused)


class CantHold(Refused):
    """The server would send the message at once, or does not keep it for so long; nothing was sent."""


class OutcomeUnknown(Trouble):
    """The connection was lost between the message's final dot and the server's answer: it may have
    been sent. Never to be repeated without asking (law 4)."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """Seconds to wait: for the greeting, for the answer to a command, until the server takes the next
    slice, and at least for the answer to the whole message (RFC 5321 §4.5.3.2.6: ten minutes)."""

    greeting: float = 30
    command: float = 60
    slice: float = 180
    answer: float = 600
    slowest: float = 20_000  # octets a second that a slow server is given to think a message over

    def answer_to(self, size: int) -> float:
        """How long the answer to a message of `size` octets may take."""
        return max(self.answer, size / self.slowest + self.answer)
