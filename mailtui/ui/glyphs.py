"""The signs on the screen. Each is one cell wide and found in ordinary monospace fonts."""

from typing import Final

CURSOR: Final = "❯"  # the row that keys apply to, beside its colour
UNREAD: Final = "●"
SELECTED: Final = "✓"
FLAGGED: Final = "★"
ANSWERED: Final = "↩"
FORWARDED: Final = "↪"
ATTACHED: Final = "▤"
PENDING: Final = "↻"  # waits for the server
MORE: Final = "…"

ONLINE: Final = "●"
OFFLINE: Final = "○"
BUSY: Final = "↻"
TROUBLE: Final = "!"
DONE: Final = "✓"

OPEN: Final = "▾"  # a folder whose children are shown
CLOSED: Final = "▸"
RULE: Final = "─"
BAR_FULL: Final = "━"
BAR_REST: Final = "─"
