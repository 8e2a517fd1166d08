"""Process start → the list with real rows, against an empty Textual program, by turns."""

import statistics
import sys

from tests.bench.measuring import Measured, quick, tell
from tests.bench.running import command, load
from tests.bench.synthetic import FIRST_SUBJECT, profile
from tests.end_to_end.terminal import Terminal

_RUNS = 9
_EMPTY = [sys.executable, "-m", "tests.bench.empty_app"]


def main() -> None:
    print(f"start ({load()})")
    for messages in (100_000,) if quick() else (100_000, 1_000_000):
        env = profile(messages).environment()
        ours, empty = [], []
        for _ in range(_RUNS):
            empty.append(_start(_EMPTY, env, b"Nothing but this line"))
            ours.append(_start(command(), env, FIRST_SUBJECT.encode()))
        floor = statistics.median(empty)
        tell(Measured(f"empty Textual program, median of {_RUNS}", floor * 1000, "ms"))
        tell(Measured(f"list with rows, {messages:,} messages", statistics.median(ours) * 1000, "ms"))
        tell(Measured("ratio", statistics.median(ours) / floor, "×", 1.4))


def _start(program: list[str], env: dict[str, str], sentinel: bytes) -> float:
    with Terminal(program, env) as terminal:
        return terminal.wait_for_bytes(sentinel)


if __name__ == "__main__":
    main()
