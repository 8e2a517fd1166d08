"""What the service takes from outside, so that tests can give it something else."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from mailtui.imap.connection import Connection
from mailtui.imap.types import WireLog
from mailtui.model.account import Server
from mailtui.model.secret import Secret
from mailtui.service.backoff import FIRST
from mailtui.service.line import Dial
from mailtui.service.secrets import Finder
from mailtui.service.sending import Send
from mailtui.signin.secrets import can_remember, secret_for
from mailtui.smtp.sending import send


def _dial(server: Server, secret: Secret, log: WireLog | None) -> Connection:
    return Connection.open(server, secret, log=log)


@dataclass(frozen=True, slots=True)
class World:
    """`clock` gives seconds since the epoch, `random` numbers from 0 to 1; `pause` is how many
    seconds to wait after the first failure to connect."""

    clock: Callable[[], float] = time.time
    random: Callable[[], float] = field(default=random.SystemRandom().random)
    dial: Dial = _dial
    find_secret: Finder = secret_for
    can_remember: Callable[[], bool] = can_remember
    send: Send = send
    pause: float = FIRST
