"""A program to be killed: `python -m tests.ui.hangup DIRECTORY` opens a message to write on a filled
mailbox, in this process and on this terminal."""

import sys
from pathlib import Path

from mailtui.link.client import Client, memory_link
from mailtui.ui.app import MailtuiApp
from tests.ui.mailbox import Recorder, application, fill

if __name__ == "__main__":
    recorder = Recorder(fill(Path(sys.argv[1]) / "mail.db"))

    async def connect() -> Client:
        return await memory_link(recorder)

    settings = application(recorder).settings
    MailtuiApp(settings, recorder.mailbox.store, connect, mailto="mailto:ana@example.com?subject=Hello").run()
