"""The answer to an intent."""

from dataclasses import dataclass

from mailtui.model.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Ack:
    """`id` is the intent's. Without a refusal a durable intent is written down, any other begun."""

    id: str
    refusal: Trouble | None = None
