"""aiosmtplib's session, which tells what is said if somebody wants to know."""

from typing import Any

from aiosmtplib import SMTP, SMTPResponse

from mailtui.smtp import wirelog
from mailtui.smtp.wirelog import WireLog


class Session(SMTP):
    """While `secret` is set a password is being offered."""

    def __init__(self, log: WireLog | None, **options: Any) -> None:
        super().__init__(**options)
        self._log = log
        self.secret = False

    async def connect(self, **options: Any) -> SMTPResponse:
        greeting = await super().connect(**options)
        self.heard(greeting)
        return greeting

    async def starttls(self, *arguments: Any, **options: Any) -> SMTPResponse:
        self.saying(b"STARTTLS")
        response = await super().starttls(*arguments, **options)
        self.heard(response)
        return response

    async def execute_command(self, *words: bytes, **options: Any) -> SMTPResponse:
        self.saying(b" ".join(words))
        response = await super().execute_command(*words, **options)
        self.heard(response)
        return response

    def saying(self, command: bytes) -> None:
        """This is sent now."""
        if self._log is not None:
            self._log(wirelog.client(command, secret=self.secret))

    def heard(self, response: SMTPResponse) -> None:
        """This came."""
        if self._log is not None:
            for line in wirelog.server(response.code, response.message, secret=self.secret):
                self._log(line)

    def note(self, remark: str) -> None:
        """A remark of our own."""
        if self._log is not None:
            self._log(f"-- {remark}")
