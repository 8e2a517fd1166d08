"""A screen with a list of messages and one of them open: everything that is done with mail."""

from collections.abc import Awaitable

from mailtui.model.account import ConnectionState
from mailtui.model.folder import Role
from mailtui.model.intent import Intent, SetOnline, Synchronise
from mailtui.model.message import Message
from mailtui.model.trouble import Trouble
from mailtui.ui.compose_request import Edit, Forward, New, Reply
from mailtui.ui.context import Context
from mailtui.ui.saying import Say
from mailtui.ui.screens.filing import Filing
from mailtui.ui.screens.writing import Writing
from mailtui.ui.shell import shell
from mailtui.ui.situation import Situation
from mailtui.ui.widgets.message_view import MessageView


class MailScreen(Writing, Filing):
    """Base of the main screen and of the search screen. Wants `message_list` and `message_view`."""

    @property
    def message_view(self) -> MessageView:
        raise NotImplementedError

    @property
    def account(self) -> str:
        """The account at hand: the open folder's, else that of the message under the cursor, else
        the first."""
        if self.folder is not None:
            return self.folder.account
        summary = self.message_list.summary
        return summary.account if summary else next(iter(shell(self).accounts), "")

    @property
    def reading(self) -> bool:
        """Whether the focus is on the open message."""
        return self.here is Context.MESSAGE

    @property
    def current(self) -> int | None:
        """The message that reading and answering are about."""
        opened = self.message_view.message
        return opened.summary.id if self.reading and opened else self.message_list.cursor

    def targets(self) -> tuple[int, ...]:
        if self.reading:
            return (self.current,) if self.current is not None else ()
        return self.message_list.targets()

    def situation(self) -> Situation:
        here, messages = shell(self), self.message_list
        opened = self.message_view.message
        body = self.message_view.body if opened and opened.summary.id == self.current else None
        selected = 0 if self.reading else messages.selected
        return Situation(
            context=self.here or Context.LIST,
            targets=selected or int(self.current is not None),
            selected=messages.selected,
            cursor=messages.summary,
            folder=self.folder,
            roles=here.folders.roles(self.account),
            opened=opened if self.reading else None,
            links=len(body.links) if body else 0,
            undo=here.acts.newest,
            repeat=here.repeat.title,
            busy=bool(len(here.downloads)),
            accounts=len(here.accounts),
        )

    def on_mount(self) -> None:
        super().on_mount()
        shell(self).refused.subscribe(self, self.take_back)

    def take_back(self, intent: Intent) -> None:
        """The service refused: the list shows again what is so."""
        messages = getattr(intent, "messages", ())
        if messages:
            self.message_list.restore(messages)

    def on_message_view_link_chosen(self, message: MessageView.LinkChosen) -> None:
        from mailtui.ui.screens.links import LinksScreen

        body = self.message_view.body
        if body is not None:
            self.app.push_screen(LinksScreen(body.links, at=message.url))

    # answering and writing

    def _message(self) -> Message:
        reader = shell(self).readers.here
        found = reader.message(self.current) if reader and self.current is not None else None
        if found is None:
            raise Trouble("This message is no longer there.")
        return found

    def do_compose(self) -> None:
        shell(self).open_compose(New(self.account))

    def do_reply(self) -> None:
        shell(self).open_compose(Reply(self._message().summary.id))

    def do_reply_all(self) -> None:
        shell(self).open_compose(Reply(self._message().summary.id, everybody=True))

    def do_forward(self) -> Awaitable[None]:
        return self._forward(self._message().summary.id)

    async def _forward(self, message: int) -> None:
        from mailtui.ui.choice import Choice

        ways = [Choice("In the text", False), Choice("As an attachment", True)]
        chosen = await shell(self).choose("Forward", ways)
        if chosen is not None:
            shell(self).open_compose(Forward(message, attached=bool(chosen.value)))

    def edits(self, message: int) -> bool:
        """Opens a message of Drafts for writing; whether it was one."""
        reader = shell(self).readers.here
        found = reader.summaries([message]) if reader else []
        folder = shell(self).folders.get(found[0].folder) if found else None
        if folder is None or folder.role is not Role.DRAFTS:
            return False
        draft = reader.draft_of(message) if reader else None
        if draft is None:
            shell(self).open_compose(Edit(message))
        else:
            self.go_on_with(draft)
        return True

    # looking closer

    def do_headers(self) -> None:
        from mailtui.ui.screens.pager import open_source

        open_source(self, self._message(), "HEADER")

    def do_source(self) -> None:
        from mailtui.ui.screens.pager import open_source

        open_source(self, self._message(), "")

    def do_links(self) -> None:
        from mailtui.ui.screens.links import LinksScreen

        body = self.message_view.body
        if body is not None:
            self.app.push_screen(LinksScreen(body.links))

    def do_parts(self) -> None:
        from mailtui.ui.screens.parts import PartsScreen

        self.app.push_screen(PartsScreen(self._message()))

    # searching, and the network

    def do_search(self, argument: str = "") -> None:
        shell(self).open_search(argument)

    def do_synchronise(self) -> None:
        here = shell(self)
        here.connect_link()
        here.synchronising.update(here.accounts)
        here.wish(Synchronise())
        here.say("Looking for new mail …", Say.HINT)

    def do_online(self) -> None:
        connection = shell(self).connections.of(self.account)
        online = connection.state is ConnectionState.OFFLINE
        shell(self).wish(SetOnline(self.account, online))
        how = "online" if online else "offline; what you do is kept and carried out later"
        shell(self).say(f"{self.account} works {how}.", Say.HINT)
