"""A closed terminal or a kill ends the program like Q does: drafts are kept, the link is let go."""

import asyncio
import signal
from collections.abc import Callable

ENDING = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)


def install(leave: Callable[[], None]) -> None:
    """Call `leave` on the loop when one of the signals comes. Elsewhere than in the main thread, as
    in tests, signals are somebody else's."""
    loop = asyncio.get_running_loop()
    for number in ENDING:
        try:
            loop.add_signal_handler(number, leave)
        except (RuntimeError, ValueError):
            return


def uninstall() -> None:
    loop = asyncio.get_running_loop()
    for number in ENDING:
        loop.remove_signal_handler(number)
