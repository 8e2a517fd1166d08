"""The actions that belong to no pane: palette, `:`, help, theme, stop, quit."""

from collections.abc import Awaitable

from textual.app import App

from mailtui.model.folder import Folder
from mailtui.model.intent import CancelFetch
from mailtui.ui import later, palette
from mailtui.ui.actions import BY_ID, Group
from mailtui.ui.choice import Choice
from mailtui.ui.context import Context
from mailtui.ui.folderbook import shown_path
from mailtui.ui.saying import Say
from mailtui.ui.screens.base import Keyed
from mailtui.ui.shell import shell
from mailtui.ui.situation import Situation


class Commands(App[None], inherit_bindings=False):
    """Base of the application."""

    async def leave(self) -> None:
        raise NotImplementedError

    def _situation(self) -> Situation:
        return self.screen.situation() if isinstance(self.screen, Keyed) else Situation(Context.LIST)

    async def do_palette(self) -> None:
        here = shell(self)
        rows = palette.entries(self._situation(), here.keymap, here.folders)
        chosen = await here.choose("Commands", rows, hint="what do you want to do?")
        if chosen is None:
            return
        if isinstance(chosen.value, Folder):
            here.act("go", f"{chosen.value.account}/{shown_path(chosen.value)}")
        else:
            self._act_anywhere(str(chosen.value))

    async def do_command(self) -> None:
        from mailtui.ui.screens.command import CommandScreen

        here = shell(self)
        screen = CommandScreen(
            palette.commands(self._situation()), palette.arguments(here.folders, list(self.available_themes))
        )
        command = await self.push_screen_wait(screen)
        if command is None:
            return
        word, argument = command
        if word not in BY_ID:
            here.say(f"There is no command called {word}.", Say.HINT)
        else:
            self._act_anywhere(word, argument)

    def _act_anywhere(self, action: str, argument: str = "") -> None:
        """Do it here, or go first to the pane that has it."""
        screen, contexts = self.screen, BY_ID[action].contexts
        elsewhere = isinstance(screen, Keyed) and screen.here is not None and not contexts & screen.here
        if elsewhere and BY_ID[action].group is not Group.FOLDERS:  # those ask nothing of the focus
            for context, way in _WAYS:
                if contexts & context and callable(go := getattr(screen, way, None)):
                    go()
                    break
        self.call_later(shell(self).act, action, argument)  # the focus is there by then

    async def do_help(self) -> None:
        from mailtui.ui.screens.help import HelpScreen

        context = self.screen.here if isinstance(self.screen, Keyed) else None
        await self.push_screen_wait(HelpScreen(context or Context.LIST, shell(self).keymap))

    def do_theme(self, argument: str = "") -> Awaitable[None] | None:
        if argument not in self.available_themes:
            return self._choose_theme()
        self.theme = argument
        return None

    async def _choose_theme(self) -> None:
        names = sorted(self.available_themes)
        rows = [Choice(name, name, "in use" if name == self.theme else "") for name in names]
        chosen = await shell(self).choose("Colours", rows)
        if chosen is not None:
            self.theme = chosen.text

    def do_cancel(self) -> None:
        self.cancel_downloads()

    def cancel_downloads(self) -> None:
        here = shell(self)
        for message, section in here.downloads.forget():
            here.wish(CancelFetch(message, section))
        here.say("Stopped.", Say.HINT)

    async def do_quit(self) -> None:
        here, reader = shell(self), shell(self).readers.here
        warning = later.warning(reader.outbox() if reader is not None else [], here.clock())
        if warning is None or await here.confirm(warning.what, yes="Quit", advice=warning.advice):
            await self.leave()


_WAYS = (
    (Context.LIST | Context.RESULTS, "do_focus_list"),
    (Context.FOLDERS, "do_focus_folders"),
    (Context.MESSAGE, "do_focus_message"),
)
