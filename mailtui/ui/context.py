"""Where on the screen the user is: what a key means depends on it."""

from enum import Flag, auto


class Context(Flag):
    """A pane or dialogue that has keys of its own."""

    LIST = auto()
    RESULTS = auto()
    FOLDERS = auto()
    MESSAGE = auto()
    COMPOSE = auto()
    LINKS = auto()
    PARTS = auto()
    OUTBOX = auto()
    PAGER = auto()
    REVIEW = auto()
    ACTIVITY = auto()
    KEPT = auto()


ROWS = Context.LIST | Context.RESULTS
MAIL = ROWS | Context.MESSAGE
PANES = MAIL | Context.FOLDERS
DIALOGS = Context.LINKS | Context.PARTS | Context.OUTBOX | Context.ACTIVITY | Context.PAGER | Context.KEPT
WRITING = Context.COMPOSE | Context.REVIEW
MOVABLE = PANES | DIALOGS
ANYWHERE = PANES | DIALOGS | Context.COMPOSE

NAMES: dict[Context, str] = {
    Context.LIST: "Message list",
    Context.RESULTS: "Search results",
    Context.FOLDERS: "Folders",
    Context.MESSAGE: "Message",
    Context.COMPOSE: "Writing",
    Context.LINKS: "Links",
    Context.PARTS: "Parts",
    Context.OUTBOX: "Outbox",
    Context.PAGER: "Text",
    Context.REVIEW: "Before sending",
    Context.ACTIVITY: "Activity",
    Context.KEPT: "What is kept here",
}
