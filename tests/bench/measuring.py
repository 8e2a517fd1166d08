"""What a bench says: a value beside its budget, a line each."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure. `budget` None: nothing was promised, it is only told."""

    what: str
    value: float
    unit: str
    budget: float | None = None
    at_least: bool = False  # the budget is a floor (a rate), not a ceiling

    @property
    def kept(self) -> bool:
        if self.budget is None:
            return True
        return self.value >= self.budget if self.at_least else self.value <= self.budget

    def __str__(self) -> str:
        line = f"{self.what:58} {_number(self.value):>10} {self.unit:8}"
        if self.budget is None:
            return line
        sign = "≥" if self.at_least else "≤"
        verdict = "kept" if self.kept else "OVER"
        return f"{line} {sign} {_number(self.budget):<9} {verdict}"


def tell(measured: Measured) -> Measured:
    """Print a figure as soon as it is known."""
    print(measured, flush=True)
    return measured


def quantile(values: Sequence[float], part: float) -> float:
    """The value that `part` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def quick() -> bool:
    """Whether `--quick` was asked for: no million."""
    return "--quick" in sys.argv


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
