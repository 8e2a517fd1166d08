"""Opening a folder: from the key to its first rows on the screen."""

import time

from tests.bench.measuring import Measured, quantile, quick, tell
from tests.bench.running import load, running
from tests.bench.synthetic import FIRST_SUBJECT, profile
from tests.end_to_end.terminal import Terminal

_TIMES = 30


def main() -> None:
    for messages in (100_000,) if quick() else (100_000, 1_000_000):
        print(f"open a folder of {messages:,} messages ({load()})")
        with running(profile(messages)) as terminal:
            terminal.wait_for_bytes(FIRST_SUBJECT.encode())
            terminal.settle(1.0)
            times = [_open(terminal) * 1000 for _ in range(_TIMES)]
        tell(Measured("key → rows, p50", quantile(times, 0.5), "ms", 30))
        tell(Measured("key → rows, p99", quantile(times, 0.99), "ms"))


def _open(terminal: Terminal) -> float:
    """Go to sent mail, which is empty, come to rest, and go back to the inbox."""
    terminal.press("g", "t")
    terminal.settle(0.3)
    terminal.press("g")
    terminal.settle(0.05)
    before, began = terminal.written, time.perf_counter()
    terminal.send(b"i")
    while FIRST_SUBJECT.encode() not in terminal.raw[before:]:
        if time.perf_counter() - began > 10:
            raise AssertionError(f"the inbox did not come back\n{terminal.text}")
        time.sleep(0.0005)
    return terminal.last - began


if __name__ == "__main__":
    main()
