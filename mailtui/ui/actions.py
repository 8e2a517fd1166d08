"""The one table of everything a user can do.

Bindings, help, palette, `:` commands, footer and which-key are all made from it. An action's id names
its handler: `archive` is done by `do_archive` of the focused widget or the nearest thing around it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from mailtui.ui import reasons
from mailtui.ui.context import DIALOGS, MAIL, MOVABLE, PANES, ROWS, WRITING, Context
from mailtui.ui.situation import Situation


class Group(StrEnum):
    """Headings of the help, in its order."""

    MOVING = "Moving"
    READING = "Reading"
    WRITING = "Writing"
    FILING = "Filing"
    SELECTING = "Selecting"
    SEARCHING = "Searching"
    FOLDERS = "Folders"
    DIALOGUE = "Here"
    MAILTUI = "mailtui"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a user can do. `word` is its name in the footer, `rank` its place there (0: never);
    `argument` says what `:id …` takes; `typing` lets its keys through while text is typed."""

    id: str
    title: str
    keys: tuple[str, ...]
    contexts: Context
    group: Group
    disabled: Callable[[Situation], str | None] | None = None
    word: str = ""
    rank: int = 0
    argument: str = ""
    typing: bool = False
    repeats: bool = False  # `.` does it again
    quiet: bool = False  # too small a thing for the palette
    also: str = ""  # other words for it, by which it is found

    @property
    def handler(self) -> str:
        return "do_" + self.id.replace("-", "_")


_LIST, _RESULTS, _MESSAGE, _FOLDERS = Context.LIST, Context.RESULTS, Context.MESSAGE, Context.FOLDERS
_LINKS, _PARTS, _OUTBOX = Context.LINKS, Context.PARTS, Context.OUTBOX
_ACTIVITY = Context.ACTIVITY
_COMPOSE, _REVIEW, _KEPT = Context.COMPOSE, Context.REVIEW, Context.KEPT
_MOVING, _READING, _WRITING, _FILING = Group.MOVING, Group.READING, Group.WRITING, Group.FILING
_SELECTING, _SEARCHING, _FOLDER = Group.SELECTING, Group.SEARCHING, Group.FOLDERS
_HERE, _APP = Group.DIALOGUE, Group.MAILTUI
_SCROLLS = _GOES = MOVABLE

ACTIONS: tuple[Action, ...] = (
    # moving
    Action("down", "Down", ("j", "down"), MOVABLE, _MOVING, quiet=True),
    Action("up", "Up", ("k", "up"), MOVABLE, _MOVING, quiet=True),
    Action("page-down", "Page down", ("pagedown",), _SCROLLS, _MOVING, quiet=True),
    Action("page-up", "Page up", ("pageup",), _SCROLLS, _MOVING, quiet=True),
    Action("half-page-down", "Half a page down", ("ctrl+d",), PANES | Context.PAGER, _MOVING, quiet=True),
    Action("half-page-up", "Half a page up", ("ctrl+u",), PANES | Context.PAGER, _MOVING, quiet=True),
    Action("first", "To the top", ("g g", "home"), _SCROLLS, _MOVING, quiet=True),
    Action("last", "To the bottom", ("G", "end"), _SCROLLS, _MOVING, quiet=True),
    Action(
        "open",
        "Open",
        ("enter", "o"),
        ROWS,
        _MOVING,
        reasons.no_message,
        word="open",
        rank=10,
    ),
    Action(
        "open-folder", "Show this folder", ("enter", "o"), _FOLDERS, _MOVING, reasons.no_folder, "open", 10
    ),
    Action("expand", "Unfold", ("right",), _FOLDERS, _MOVING, reasons.no_folder, quiet=True),
    Action("collapse", "Fold", ("left",), _FOLDERS, _MOVING, reasons.no_folder, quiet=True),
    Action("next-unread", "Next unread message", ("tab", "]"), MAIL, _MOVING),
    Action("previous-unread", "Previous unread message", ("shift+tab", "["), MAIL, _MOVING),
    Action("next-message", "Next message", ("J",), _MESSAGE, _MOVING),
    Action("previous-message", "Previous message", ("K",), _MESSAGE, _MOVING),
    Action("next-folder", "Next folder", ("J",), _LIST, _MOVING),
    Action("previous-folder", "Previous folder", ("K",), _LIST, _MOVING),
    Action("next-result", "Next result", ("n",), _RESULTS, _MOVING),
    Action("previous-result", "Previous result", ("p",), _RESULTS, _MOVING),
    Action("focus-folders", "To the folders", ("1",), PANES, _MOVING),
    Action("focus-list", "To the list", ("2",), PANES, _MOVING),
    Action("focus-message", "To the message", ("3",), PANES, _MOVING, reasons.not_opened),
    Action("back", "Back", ("q", "escape"), PANES | DIALOGS, _MOVING, word="back", rank=90, quiet=True),
    Action("go", "Go to folder", ("c", "ctrl+g"), PANES, _MOVING, None, "go to", 75, "folder"),
    Action("go-inbox", "Go to the inbox", ("g i",), _GOES, _MOVING, reasons.no_inbox),
    Action("go-starred", "Go to flagged messages", ("g s",), _GOES, _MOVING),
    Action("go-drafts", "Go to the drafts", ("g d",), _GOES, _MOVING, reasons.no_drafts),
    Action("go-sent", "Go to sent mail", ("g t",), _GOES, _MOVING, reasons.no_sent),
    Action("go-all", "Go to all mail", ("g a",), _GOES, _MOVING, reasons.no_all),
    Action("go-outbox", "Go to the outbox", ("g o",), _GOES, _MOVING),
    Action("go-activity", "See what goes on: connections, jobs, troubles", ("g c",), _GOES, _MOVING),
    # reading
    Action("read-on", "Read on", ("space",), _MESSAGE, _READING, word="read on", rank=12, quiet=True),
    Action("read-back", "Read back", ("-",), _MESSAGE, _READING, quiet=True),
    Action("toggle-quotes", "Fold or unfold quoted text", ("T",), _MESSAGE, _READING),
    Action("toggle-html", "Switch between text and HTML", ("t",), _MESSAGE, _READING, reasons.not_opened),
    Action("show-whole", "Fetch the rest of a long message", ("W",), _MESSAGE, _READING, reasons.not_opened),
    Action("headers", "All headers", ("h",), MAIL, _READING, reasons.not_opened),
    Action("source", "Raw source", ("e",), MAIL, _READING, reasons.not_opened),
    Action("links", "Links", ("ctrl+l",), MAIL, _READING, reasons.no_links),
    Action("parts", "Parts and attachments", ("v",), MAIL, _READING, reasons.not_opened, "parts", 60),
    # writing
    Action("compose", "Write a message", ("m",), PANES, _WRITING, None, "write", 65),
    Action("reply", "Reply", ("r",), MAIL, _WRITING, reasons.not_opened, "reply", 20),
    Action("reply-all", "Reply to all", ("R",), MAIL, _WRITING, reasons.not_opened),
    Action("forward", "Forward", ("f",), MAIL, _WRITING, reasons.not_opened, "forward", 25),
    Action("resume", "Go on writing", ("g w", "f2"), PANES, _WRITING),
    Action("send", "Send", ("f9", "ctrl+enter"), _COMPOSE, _WRITING, None, "send", 5, typing=True),
    Action(
        "review", "Done writing: look it over", ("escape",), _COMPOSE, _WRITING, None, "done", 10, typing=True
    ),
    Action("send-later", "Send later", ("f8",), WRITING, _WRITING, None, "later", 8, "when", typing=True),
    Action("save-draft", "Save the draft now", ("ctrl+s",), WRITING, _WRITING, None, "save", 50, typing=True),
    Action(
        "attach", "Attach a file", ("ctrl+t",), WRITING, _WRITING, None, "attach", 20, "path", typing=True
    ),
    Action("detach", "Take the attachment away", ("d", "delete"), _COMPOSE, _WRITING),
    Action("editor", "Write in your editor", ("ctrl+g",), WRITING, _WRITING, None, "editor", 30, typing=True),
    Action("bcc", "Add hidden recipients", ("ctrl+b",), WRITING, _WRITING, None, "Bcc", 60, typing=True),
    Action("sender", "Write from another address", ("ctrl+f",), WRITING, _WRITING, typing=True),
    Action("aside", "Look at the mail meanwhile", ("f2",), WRITING, _WRITING, None, "mail", 40, typing=True),
    Action("beside", "To the message beside", ("f4",), WRITING, _WRITING, typing=True),
    Action("help-writing", "Help for writing", ("f1",), _COMPOSE, _APP, None, "help", 70, typing=True),
    Action("next-field", "Next field", ("tab",), WRITING, _MOVING, typing=True, quiet=True),
    Action("previous-field", "Previous field", ("shift+tab",), WRITING, _MOVING, typing=True, quiet=True),
    Action("send-it", "Send", ("y", "f9", "ctrl+enter"), _REVIEW, _WRITING, None, "send", 10, quiet=True),
    Action(
        "go-on",
        "Go on writing",
        ("e", "enter", "escape"),
        _REVIEW,
        _WRITING,
        None,
        "write on",
        12,
        quiet=True,
    ),
    Action("keep-draft", "Keep the draft and close", ("q",), _REVIEW, _WRITING, None, "keep draft", 14),
    Action("discard-draft", "Throw the draft away", ("X",), _REVIEW, _WRITING, None, "discard", 16),
    # filing
    Action("archive", "Archive", ("a",), MAIL, _FILING, reasons.no_archive, "archive", 30, repeats=True),
    Action(
        "trash",
        "Move to Trash",
        ("d", "#", "delete"),
        MAIL,
        _FILING,
        reasons.no_trash,
        "to Trash",
        35,
        repeats=True,
        also="delete throw away remove",
    ),
    Action(
        "destroy",
        "Destroy for good",
        ("shift+delete",),
        MAIL,
        _FILING,
        reasons.not_destructible,
        also="delete expunge",
    ),
    Action(
        "move",
        "Move to a folder",
        ("s",),
        MAIL,
        _FILING,
        reasons.no_message,
        "move",
        40,
        "folder",
        repeats=True,
    ),
    Action(
        "copy", "Copy to a folder", ("y",), MAIL, _FILING, reasons.no_message, "", 0, "folder", repeats=True
    ),
    Action("junk", "Spam, or not spam", ("!",), MAIL, _FILING, reasons.no_junk, repeats=True),
    Action("flag", "Flag or unflag", ("F",), MAIL, _FILING, reasons.no_message, "flag", 45, repeats=True),
    Action("read", "Mark read or unread", ("N",), MAIL, _FILING, reasons.no_message, repeats=True),
    Action("undo", "Undo", ("u", "ctrl+z"), PANES, _FILING, reasons.no_undo, "undo", 70),
    Action("repeat", "Repeat the last action", (".",), MAIL, _FILING, reasons.no_repeat),
    # selecting
    Action(
        "select", "Select or unselect", ("space", "x"), ROWS, _SELECTING, reasons.no_message, "select", 50
    ),
    Action("select-range", "Select from here to there", ("V",), ROWS, _SELECTING, reasons.no_message),
    Action("select-all", "Select all", ("*",), ROWS, _SELECTING, reasons.no_message),
    Action(
        "select-pattern", "Select by pattern", ("T",), ROWS, _SELECTING, reasons.no_message, argument="query"
    ),
    Action("clear-selection", "Clear the selection", (), ROWS, _SELECTING, reasons.no_selection),
    # searching
    Action("search", "Search", ("/",), PANES, _SEARCHING, None, "search", 55, "query"),
    Action("filter", "Filter this list", ("\\",), ROWS, _SEARCHING, argument="query"),
    # folders
    Action(
        "new-folder", "New folder", ("n",), _FOLDERS, _FOLDER, None, "new", 20, also="create make add folder"
    ),
    Action("rename-folder", "Rename folder", ("r",), _FOLDERS, _FOLDER, reasons.fixed_folder, "rename", 25),
    Action("move-folder", "Move folder", ("s",), _FOLDERS, _FOLDER, reasons.fixed_folder, "move", 30),
    Action(
        "delete-folder",
        "Delete folder",
        ("d", "delete"),
        _FOLDERS,
        _FOLDER,
        reasons.fixed_folder,
        "delete",
        35,
        also="remove folder",
    ),
    Action(
        "kept",
        "What is kept here, and how much is to be",
        ("g k",),
        _GOES,
        _FOLDER,
        reasons.no_folders,
    ),
    # dialogues
    Action("open-link", "Open in the browser", ("enter", "o"), _LINKS, _HERE, reasons.no_row, "open", 10),
    Action("copy-link", "Copy the address", ("y",), _LINKS, _HERE, reasons.no_row, "copy", 20),
    Action("open-part", "Open", ("enter", "o"), _PARTS, _HERE, reasons.no_row, "open", 10),
    Action("save-part", "Save", ("s",), _PARTS, _HERE, reasons.no_row, "save", 20),
    Action("save-all", "Save all", ("S",), _PARTS, _HERE, reasons.no_row, "save all", 30),
    Action("retry", "Try again", ("r",), _OUTBOX | _ACTIVITY, _HERE, reasons.no_retry, "try again", 10),
    Action("stop-job", "Stop it", ("x",), _ACTIVITY, _HERE, reasons.no_stop, "stop", 12),
    Action("give-up", "Give it up", ("d", "delete"), _ACTIVITY, _HERE, reasons.no_drop, "give up", 14),
    Action(
        "mark-sent",
        "It has arrived",
        ("y",),
        _OUTBOX | _ACTIVITY,
        _HERE,
        reasons.not_unknown,
        "it arrived",
        20,
    ),
    Action(
        "record",
        "Record what is said to the servers, or stop",
        ("p",),
        _ACTIVITY,
        _HERE,
        None,
        "protocol log",
        30,
    ),
    Action("protocol", "Read the protocol log", ("v",), _ACTIVITY, _HERE, None, "read the log", 32),
    Action("send-now", "Send now", ("s",), _OUTBOX, _HERE, reasons.no_item, "send now", 22),
    Action("reschedule", "Send at another time", ("t",), _OUTBOX, _HERE, reasons.no_item, "time", 24),
    Action("edit-item", "Go on writing it", ("e", "enter"), _OUTBOX, _HERE, reasons.no_item, "edit", 26),
    Action("cancel-item", "Take back", ("d", "delete"), _OUTBOX, _HERE, reasons.no_item, "take back", 30),
    Action("keep", "Choose how much is kept", ("enter", "o"), _KEPT, _HERE, reasons.no_row, "change", 10),
    Action(
        "keep-usual",
        "Follow the account",
        ("d", "delete"),
        _KEPT,
        _HERE,
        reasons.no_row,
        "like the account",
        20,
    ),
    # mailtui
    Action("palette", "Everything mailtui can do", ("ctrl+k", "ctrl+p"), PANES, _APP, None, "commands", 80),
    Action("command", "Type a command", (":",), PANES, _APP),
    Action("help", "Help for this pane", ("?", "f1"), PANES | DIALOGS | _REVIEW, _APP, None, "help", 1),
    Action("synchronise", "Look for new mail now", ("$", "f5"), PANES, _APP),
    Action("online", "Work offline, or online again", (), PANES, _APP),
    Action("theme", "Change the colours", (), PANES, _APP, argument="theme"),
    Action("cancel", "Stop what is running", ("ctrl+c",), PANES | DIALOGS, _APP, reasons.not_busy),
    Action("quit", "Quit", ("Q", "ctrl+q"), PANES, _APP),
)

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}


def here(context: Context) -> list[Action]:
    """The actions of a context, in the table's order."""
    return [action for action in ACTIONS if action.contexts & context]
