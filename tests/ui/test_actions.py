"""Every row of the table is a thing that can be done where it says so."""

import pytest

from mailtui.ui.actions import ACTIONS, Action, Group, here
from mailtui.ui.app import MailtuiApp
from mailtui.ui.context import DIALOGS, NAMES, WRITING, Context
from mailtui.ui.screens.activity import ActivityScreen
from mailtui.ui.screens.compose import ComposeScreen
from mailtui.ui.screens.help import PROSE
from mailtui.ui.screens.kept import KeptScreen
from mailtui.ui.screens.links import LinksScreen
from mailtui.ui.screens.main import MainScreen
from mailtui.ui.screens.outbox import OutboxScreen
from mailtui.ui.screens.pager import PagerScreen
from mailtui.ui.screens.parts import PartsScreen
from mailtui.ui.situation import Situation
from mailtui.ui.widgets.activity_list import ActivityList
from mailtui.ui.widgets.choice_list import ChoiceList
from mailtui.ui.widgets.folder_tree import FolderTree
from mailtui.ui.widgets.message_list import MessageList
from mailtui.ui.widgets.message_view import MessageView
from mailtui.ui.widgets.pager import Pager

# Who is asked in each context, from the focus outwards.
CHAINS: dict[Context, tuple[type, ...]] = {
    Context.LIST: (MessageList, MainScreen, MailtuiApp),
    Context.FOLDERS: (FolderTree, MainScreen, MailtuiApp),
    Context.MESSAGE: (MessageView, MainScreen, MailtuiApp),
    Context.LINKS: (ChoiceList, LinksScreen, MailtuiApp),
    Context.PARTS: (ChoiceList, PartsScreen, MailtuiApp),
    Context.OUTBOX: (ChoiceList, OutboxScreen, MailtuiApp),
    Context.ACTIVITY: (ActivityList, ActivityScreen, MailtuiApp),
    Context.KEPT: (ChoiceList, KeptScreen, MailtuiApp),
    Context.PAGER: (Pager, PagerScreen, MailtuiApp),
}


def chain(context: Context) -> tuple[type, ...]:
    if context & WRITING:
        return ComposeScreen, MailtuiApp
    if context is Context.RESULTS:
        from mailtui.ui.screens.search import SearchScreen

        return MessageList, SearchScreen, MailtuiApp, MainScreen
    if context & DIALOGS:
        return *CHAINS[context], MainScreen  # which such a dialogue gives way to
    return CHAINS[context]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_somebody_does_it_wherever_it_is_offered(action: Action) -> None:
    for context in Context:
        if action.contexts & context:
            assert any(callable(getattr(one, action.handler, None)) for one in chain(context)), context


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_it_says_why_it_can_not_be_done_or_nothing(action: Action) -> None:
    for context in Context:
        reason = action.disabled(Situation(context)) if action.disabled else None
        assert reason is None or reason.endswith(".")


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_its_words_are_plain(action: Action) -> None:
    assert action.title[0].isupper()
    assert not action.title.endswith(".")
    assert action.word or not action.rank
    assert action.id == action.id.lower()


@pytest.mark.parametrize("context", list(Context), ids=lambda context: context.name)
def test_every_place_has_a_name_a_sentence_and_help(context: Context) -> None:
    assert NAMES[context]
    assert PROSE[context].endswith(".")
    assert any(action.id == "help" for action in here(context)) or context & WRITING


def test_groups_are_all_in_use() -> None:
    assert {action.group for action in ACTIONS} == set(Group)


def test_what_can_be_repeated_changes_messages() -> None:
    assert {action.id for action in ACTIONS if action.repeats} == {
        "archive",
        "trash",
        "move",
        "copy",
        "junk",
        "flag",
        "read",
    }
