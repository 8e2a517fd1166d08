"""Work of which only the latest counts."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, ParamSpec

from textual.dom import DOMNode
from textual.worker import WorkType

P = ParamSpec("P")


def run_latest(
    node: DOMNode,
    group: str,
    work: Callable[P, Coroutine[Any, Any, None]],
    *arguments: P.args,
    **options: P.kwargs,
) -> None:
    """Do this in place of what of the group is not done yet. Its coroutine is made only when its turn has
    come: that of work that is replaced before it began would never be awaited."""
    task: WorkType[None] = partial(work, *arguments, **options)
    node.run_worker(task, group=group, exclusive=True)
