"""Finds who does an action and has it done, or says why not."""

import inspect
from collections.abc import Awaitable, Callable
from typing import cast

from textual.dom import DOMNode

from mailtui.ui.actions import Action
from mailtui.ui.situation import Situation

Handler = Callable[..., Awaitable[None] | None]


def handler_of(action: Action, node: DOMNode | None) -> Handler | None:
    """`do_…` of the focused node or of the nearest thing around it, up to the application."""
    while node is not None:
        handler = getattr(node, action.handler, None)
        if callable(handler):
            return cast(Handler, handler)
        node = node.parent
    return None


def refusal(action: Action, situation: Situation) -> str | None:
    """Why the action can't be done here and now, None if it can."""
    return action.disabled(situation) if action.disabled else None


def call(handler: Handler, action: Action, argument: str) -> Awaitable[None] | None:
    """Run it; what comes back is still to be awaited if it takes its time."""
    result = handler(argument) if action.argument else handler()
    return result if inspect.isawaitable(result) else None
