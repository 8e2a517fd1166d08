"""What can go wrong, said so that the user knows what to do."""


class Trouble(Exception):
    """An expected failure. `what` says what happened, `advice` what to do; both are safe to show."""

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice

    def __str__(self) -> str:
        stop = "." if self.advice and self.what[-1:].isalnum() else ""  # servers' words often lack it
        return f"{self.what}{stop} {self.advice}".strip()


class Unreachable(Trouble):
    """No connection, or it was lost; trying again may help."""


class Insecure(Trouble):
    """TLS is missing or its certificate failed; trying again won't help (law 8)."""


class SignInRefused(Trouble):
    """The server refused the password or token; ask the user, never loop."""


class ServerBusy(Trouble):
    """A temporary refusal: [UNAVAILABLE], [INUSE], [LIMIT], SMTP 4xx, too many connections."""


class Refused(Trouble):
    """A permanent refusal of one command: NO with a reason, SMTP 5xx."""


class Garbled(Trouble):
    """The server broke the protocol or a budget; the connection is closed."""


class NoSecret(Trouble):
    """No password is to be had without asking the user."""


class NotKept(NoSecret):
    """No password is kept anywhere, as the user wants it: asking for it is all there is to it."""
