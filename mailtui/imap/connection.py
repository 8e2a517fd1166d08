"""A signed-in IMAP connection: opened by the rules for encryption, ended gracefully, and in between
the states in which each command is allowed."""

import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from mailtui.imap import network, reply, states, tls
from mailtui.imap.arguments import Argument
from mailtui.imap.authentication import ask_capabilities, enable, identify, sign_in
from mailtui.imap.dialogue import Dialogue, Exchange
from mailtui.imap.engine import Client
from mailtui.imap.quirks import Quirks, recognise
from mailtui.imap.states import State
from mailtui.imap.transport import Allowance, Transport
from mailtui.imap.trouble import NotOffered, WrongState, clipped, farewell, garbled
from mailtui.imap.types import Budgets, Push, Selected, WireLog
from mailtui.model.account import Security, Server
from mailtui.model.secret import Secret
from mailtui.model.trouble import Insecure, Trouble, Unreachable

_PLAIN_REFUSED: Final = "Only TLS or STARTTLS protect a password; “none” is for servers on this machine."
_IMAPLIB: Final = {
    State.NOT_AUTHENTICATED: "NONAUTH",
    State.AUTHENTICATED: "AUTH",
    State.SELECTED: "SELECTED",
}


class Connection:
    """Belongs to one thread; only `wake` and `abort` may be called from others.

    The verbs (folders, index, …) are functions that take a Connection.
    """

    def __init__(self, server: Server, dialogue: Dialogue) -> None:
        """Use `open`."""
        self.server = server
        self.greeting = ""
        self.selected: Selected | None = None
        self._dialogue = dialogue
        self.occupied = ""  # by what goes on over several calls (an index, IDLE): no other verb until then
        self._state = State.NOT_AUTHENTICATED
        self._enabling: Exchange | None = None

    @classmethod
    def open(
        cls,
        server: Server,
        secret: Secret,
        *,
        log: WireLog | None = None,
        budgets: Budgets | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> "Connection":
        """Connect, encrypt and sign in.

        Raises Unreachable, Insecure, SignInRefused, ServerBusy, Garbled, or Refused.
        """
        limits = budgets or Budgets()
        if server.security is Security.NONE and not network.is_loopback(server.host):
            raise Insecure(f"{server.host} is not on this machine, so it must be encrypted.", _PLAIN_REFUSED)
        context = None if server.security is Security.NONE else tls.context_for(server.ca_file)
        sock = network.connect(server.host, server.port, limits.connect, clock)
        if context is not None and server.security is Security.TLS:
            sock = tls.handshake(sock, server.host, context, limits.tls, clock)
        first = Allowance(limits.greeting, limits.greeting, limits.octets, 100, 2**16, 0)
        transport = Transport(sock, server.host, first, clock)
        client = Client(transport, encrypted=context is not None)
        connection = cls(server, Dialogue(transport, client, limits, log))
        try:
            connection._greet(encrypted=server.security is Security.TLS)
            if context is not None and server.security is Security.STARTTLS:
                connection._start_tls(context)
            connection._sign_in(secret)
        except BaseException:
            connection.close()
            raise
        return connection

    # what is known

    @property
    def state(self) -> State:
        return State.LOGOUT if self.closed else self._state

    @property
    def closed(self) -> bool:
        return self._dialogue.transport.closed

    @property
    def capabilities(self) -> frozenset[str]:
        """What the server advertises, upper case."""
        return self._dialogue.capabilities

    @property
    def server_id(self) -> dict[str, str]:
        """The answer to ID, once it came; keys lower case. Not safe to show."""
        return self._dialogue.server_id

    @property
    def transport(self) -> Transport:
        """For the verbs that read by themselves (streaming, IDLE)."""
        return self._dialogue.transport

    @property
    def dialogue(self) -> Dialogue:
        """For the verbs."""
        return self._dialogue

    @property
    def compressed(self) -> bool:
        """Whether the server has agreed to COMPRESS=DEFLATE."""
        return self.transport.compressed

    @property
    def quirks(self) -> Quirks:
        """What is peculiar about this server, by what it has told so far."""
        name = self.server_id.get("name", "")
        return recognise(self.server.host, self.greeting, name, self.capabilities)

    @property
    def set_length(self) -> int:
        """How many characters of UIDs one command may carry."""
        return self.quirks.set_length(self.capabilities)

    @property
    def qresync(self) -> bool:
        """Whether SELECT may be asked what happened since a MODSEQ (RFC 7162): it is offered, and the
        answer to ENABLE said so or is still to come."""
        if not self.offers("QRESYNC", "ENABLE"):
            return False
        unanswered = self._enabling is None or self._enabling.status is None
        return unanswered or "QRESYNC" in self._dialogue.enabled

    @property
    def condstore(self) -> bool:
        """Whether messages and folders have a MODSEQ that may be asked for (RFC 7162)."""
        return self.offers("CONDSTORE") or self.offers("QRESYNC")

    def offers(self, *names: str) -> bool:
        """Whether all of these capabilities are advertised, and not known to be broken."""
        return self.capabilities.issuperset(names) and self.quirks.broken.isdisjoint(names)

    def require(self, name: str, doing: str) -> None:
        """Raise NotOffered unless the capability is advertised."""
        if not self.offers(name):
            raise NotOffered(f"{self.server.host} can't {doing}: it does not offer {name}.")

    def take_pushes(self) -> list[Push]:
        """What the server said unasked since the last time, in order. Ask after every verb."""
        return self._dialogue.pushes.take()

    @property
    def protection(self) -> str:
        """The version of TLS in use, "" in clear."""
        sock = self.transport.sock
        return (sock.version() or "") if isinstance(sock, ssl.SSLSocket) else ""

    def record(self, log: WireLog | None) -> None:
        """Any thread: from now on tell `log` what is said, or nobody."""
        self._dialogue.record(log)

    # talking: for the verbs

    def post(
        self,
        verb: bytes,
        *arguments: Argument,
        doing: str,
        wants: Iterable[bytes] = (),
        allowance: Allowance | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Exchange:
        """Send a command that the state allows, without waiting for the answer."""
        if self.closed:
            raise Unreachable(f"The connection to {self.server.host} is closed.")
        if self.occupied:
            raise WrongState(f"{self.occupied} is still going on: finish or close it first")
        states.check(self.state, verb)
        return self._dialogue.post(
            verb, *arguments, doing=doing, wants=wants, allowance=allowance, progress=progress
        )

    def collect(self, exchange: Exchange) -> Iterator[bytes]:
        return self._dialogue.collect(exchange)

    def run(
        self,
        verb: bytes,
        *arguments: Argument,
        doing: str,
        wants: Iterable[bytes] = (),
        allowance: Allowance | None = None,
    ) -> tuple[list[bytes], Exchange]:
        """A whole command: the responses it wants, and the ended exchange with its response codes.
        Raises CommandRefused or ServerBusy for NO and BAD."""
        exchange = self.post(verb, *arguments, doing=doing, wants=wants, allowance=allowance)
        responses = list(self.collect(exchange))
        self._dialogue.finish(exchange)
        return responses, exchange

    def imapclient(self) -> Client:
        """An IMAPClient on the same wire, for what there is no verb for (quota, ACL, …). It swallows
        pushes, and arguments from strangers need checking before it gets them."""
        self._dialogue.settle()
        return self._dialogue.client

    def enter(self, state: State, selected: Selected | None) -> None:
        """For the verbs that select: the state after their command."""
        self._state, self.selected = state, selected
        self._dialogue.client._imap.state = _IMAPLIB[state]

    # ending

    def wake(self) -> None:
        """Any thread: end a running or the next `idle`, or let `fetch_part` ask its `cancel`."""
        self.transport.wake()

    def abort(self) -> None:
        """Any thread: cut the connection; whatever waits on it raises Unreachable."""
        self.transport.abort()

    def close(self) -> None:
        """Hang up without a word."""
        self.transport.close()

    def logout(self) -> None:
        """Say goodbye, wait for the answer a short while, and close. Never raises Trouble."""
        if self.closed:
            return
        allowance = self._dialogue.small(self._dialogue.budgets.logout)
        try:
            self.transport.allow(allowance)
            exchange = self._dialogue.post(b"LOGOUT", doing="say goodbye", allowance=allowance)
            for _ in self.collect(exchange):
                pass
        except Trouble as trouble:
            self._dialogue.note(f"logout: {trouble.what}")
        finally:
            self.close()

    # beginning

    def _greet(self, *, encrypted: bool) -> None:
        line = self.transport.response()
        self._dialogue.note_response(line)
        status = reply.status(line[2:]) if line.startswith(b"* ") else None
        if status is None or status.kind not in ("OK", "PREAUTH", "BYE", "NO"):
            self.close()
            raise garbled(self.server.host, "it did not greet as a mail server does")
        if status.kind in ("BYE", "NO"):
            self.close()
            raise farewell(self.server.host, status.code, status.text, greeting=True)
        if status.kind == "PREAUTH":
            if not encrypted:
                raise Insecure(
                    f"{self.server.host} claims that we are signed in already, without encryption.",
                    "Nothing was sent. Somebody may be in between; use TLS.",
                )
            self.enter(State.AUTHENTICATED, None)
        self.greeting = clipped(status.text)
        self._dialogue.heed(status)

    def _start_tls(self, context: ssl.SSLContext) -> None:
        """Encrypt, and forget everything said before (RFC 9051 §6.2.1): anybody may have said it."""
        host = self.server.host
        if not self._dialogue.offers:
            ask_capabilities(self._dialogue)
        if not self.offers("STARTTLS"):
            what = f"{host} does not offer encryption (STARTTLS)."
            raise Insecure(what, "Nothing was sent. Somebody may be in between, or the port is wrong.")
        exchange = self._dialogue.post(b"STARTTLS", doing="encrypt")
        for _ in self.collect(exchange):
            pass
        if exchange.status is None or exchange.status.kind != "OK":
            raise Insecure(f"{host} refused to encrypt the connection.", "Nothing was sent.")
        if self.transport.buffered:
            raise Insecure(f"{host} went on in clear after it had promised to encrypt.", "Nothing was sent.")
        self.transport.encrypt(context, self._dialogue.budgets.tls)
        self._dialogue.client._imap.sock = self.transport.sock
        self._dialogue.forget()

    def _sign_in(self, secret: Secret) -> None:
        if not self._dialogue.offers:
            ask_capabilities(self._dialogue)
        if self._state is State.NOT_AUTHENTICATED:
            sign_in(self._dialogue, self.server.user, secret)
            self.enter(State.AUTHENTICATED, None)
        if self.qresync:
            self._enabling = enable(self._dialogue)
        identify(self._dialogue, insist=self.quirks.insists_on_id)
        self._dialogue.squeeze = self.offers("COMPRESS=DEFLATE")
