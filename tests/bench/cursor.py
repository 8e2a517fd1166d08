"""Moving the cursor: time from the key to the last byte, and bytes, at 120×40."""

from collections.abc import Sequence

from tests.bench.measuring import Measured, quantile, quick, tell
from tests.bench.running import Answer, answer, load, memory, processor_time, running
from tests.bench.synthetic import FIRST_SUBJECT, profile
from tests.end_to_end.terminal import Terminal

_MOVES = 240
_STRETCH = 6  # rows down and up again, so that nothing scrolls
_IDLE = 5.0


def main() -> None:
    for messages in (100_000,) if quick() else (100_000, 1_000_000):
        print(f"cursor in {messages:,} messages ({load()})")
        with running(profile(messages)) as terminal:
            terminal.wait_for_bytes(FIRST_SUBJECT.encode())
            terminal.settle(1.0)
            _told("move", _moves(terminal), (8, 35, 600))
            _told("move down, scrolling", [answer(terminal, "j") for _ in range(_MOVES)], None)
            _told("page down", [answer(terminal, "\x1b[6~") for _ in range(40)], None)
            tell(Measured("last row", answer(terminal, "G").seconds * 1000, "ms"))
            _idle(terminal)


def _moves(terminal: Terminal) -> list[Answer]:
    keys = ("j" * _STRETCH + "k" * _STRETCH) * (_MOVES // (2 * _STRETCH))
    return [answer(terminal, key) for key in keys]


def _told(what: str, answers: Sequence[Answer], budgets: tuple[int, int, int] | None) -> None:
    times = [each.seconds * 1000 for each in answers]
    half, most, octets = budgets or (None, None, None)
    tell(Measured(f"{what}, p50", quantile(times, 0.5), "ms", half))
    tell(Measured(f"{what}, p99", quantile(times, 0.99), "ms", most))
    tell(Measured(f"{what}, bytes, p50", quantile([each.octets for each in answers], 0.5), "B", octets))
    tell(Measured(f"{what}, bytes, p99", quantile([each.octets for each in answers], 0.99), "B"))


def _idle(terminal: Terminal) -> None:
    terminal.settle(1.0)
    tell(Measured("memory of the screen's process", memory(terminal.process.pid), "MiB", 70))
    before, used = terminal.written, processor_time(terminal.process.pid)
    terminal.settle(_IDLE, _IDLE + 1)
    tell(Measured(f"bytes to the terminal in {_IDLE:.0f} s of rest", terminal.written - before, "B", 0))
    tell(Measured("computing meanwhile", processor_time(terminal.process.pid) - used, "s", 0.1))


if __name__ == "__main__":
    main()
