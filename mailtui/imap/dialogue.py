"""Commands out, responses in, in order: tags, literals, commands in flight, and to whom each response
belongs. What belongs to nobody becomes a push."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, NoReturn

from mailtui.imap import reply, tokens, wirelog
from mailtui.imap.arguments import Argument, Literal, plain
from mailtui.imap.engine import Client, Engine
from mailtui.imap.pushes import Pushes
from mailtui.imap.reply import Status
from mailtui.imap.transport import Allowance, Transport
from mailtui.imap.trouble import clipped, farewell, garbled, refusal
from mailtui.imap.types import Budgets, WireLog

_SLICE: Final = 65_536  # octets of a literal between two reports of progress
_UNASKED: Final = {"LITERAL+": 1_048_576, "LITERAL-": 4096}  # octets sent without asking (RFC 7888)
_CODES: Final = 100  # response codes of one command that are kept
_OFFERED: Final = 16_384  # octets of capabilities that are looked at; servers have about 700


@dataclass(slots=True)
class Exchange:
    """A command in flight. `doing` completes "The server refused to …"; `wants` are the names of the
    untagged responses that are its answer; `early` are those that came while another command's answer
    was read; `codes` are the response codes that came meanwhile."""

    tag: bytes
    verb: bytes
    doing: str
    wants: frozenset[bytes]
    allowance: Allowance
    status: Status | None = None
    early: deque[bytes] = field(default_factory=deque)
    codes: deque[Status] = field(default_factory=lambda: deque(maxlen=_CODES))

    def code(self, name: str) -> bytes | None:
        """The arguments of the last response code of that name, tagged or not."""
        said = [*self.codes, *([self.status] if self.status else [])]
        return next((status.arguments for status in reversed(said) if status.code == name), None)


class Dialogue:
    """One connection's talk. Knows no states and no meanings; Connection does."""

    def __init__(self, transport: Transport, client: Client, budgets: Budgets, log: WireLog | None) -> None:
        self.transport = transport
        self.client = client
        self.budgets = budgets
        self.capabilities: frozenset[str] = frozenset()
        self.offers = 0  # how often the server told its capabilities
        self.enabled: frozenset[str] = frozenset()
        self.server_id: dict[str, str] = {}
        self.pushes = Pushes()
        self.squeeze = False  # whether to ask for compression behind what is said next
        self._engine: Engine = client._imap
        self._log = log
        self._in_flight: dict[bytes, Exchange] = {}
        self._turning: Exchange | None = None

    # what an answer may cost

    def small(self, seconds: float = 0) -> Allowance:
        """For an answer that does not grow with the mailbox."""
        return self._allowance(self.budgets.octets, seconds, 0, 0)

    def large(self, octets: int, *, seconds: float = 0, silence: float = 0) -> Allowance:
        """For an answer of up to `octets`, however slow the line is as long as it moves."""
        return self._allowance(octets, seconds, silence, self.budgets.pace)

    def _allowance(self, octets: int, seconds: float, silence: float, pace: float) -> Allowance:
        limits = self.budgets
        return Allowance(
            seconds=seconds or limits.command,
            silence=silence or seconds or limits.silence,
            octets=octets,
            responses=max(limits.responses, octets // 32),
            line=limits.line,
            literal=limits.literal,
            pace=pace,
        )

    # commands

    def post(
        self,
        verb: bytes,
        *arguments: Argument,
        doing: str,
        wants: Iterable[bytes] = (),
        allowance: Allowance | None = None,
        secret: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> Exchange:
        """Send a command without waiting for its answer (but for the server's leave to send a
        literal). Raises Refused, with nothing sent, for an argument that would end the line."""
        self._await_turn(allowance or self.small())
        self.transport.allow(allowance or self.small())
        checked = [one if isinstance(one, Literal) else plain(one) for one in arguments]
        tag = self._engine.next_tag()
        exchange = Exchange(tag, verb, doing, frozenset(wants), allowance or self.small())
        if (log := self._log) is not None:
            words = b" ".join(b"{%d}" % len(a.data) if isinstance(a, Literal) else a for a in checked)
            log(wirelog.client(tag, verb, words, secret=secret))
        self._in_flight[tag] = exchange
        waiting = tag + b" " + verb
        for argument in checked:
            waiting += b"" if isinstance(argument, bytes) and argument.startswith(b")") else b" "
            if not isinstance(argument, Literal):
                waiting += argument
            elif not self._send_literal(exchange, waiting, argument.data, progress):
                return exchange
            else:
                waiting = b""
        self.transport.send(waiting + b"\r\n")
        return exchange

    def _send_literal(
        self,
        exchange: Exchange,
        before: bytes,
        data: bytes,
        progress: Callable[[int, int], None] | None,
    ) -> bool:
        """False when the server refused the command instead of asking for the octets."""
        unasked = any(len(data) <= most for name, most in _UNASKED.items() if name in self.capabilities)
        self.transport.send(before + b"{%d%s}\r\n" % (len(data), b"+" if unasked else b""))
        if not unasked and self.invitation(exchange) is None:
            return False
        for start in range(0, len(data), _SLICE):
            self.transport.send(memoryview(data)[start : start + _SLICE])
            if progress is not None:
                progress(min(start + _SLICE, len(data)), len(data))
        return True

    def _ask_to_compress(self) -> None:
        """COMPRESS=DEFLATE (RFC 4978) behind everything that is being said, so that it costs no round
        trip of its own. A refusal changes nothing."""
        self.squeeze = False
        self._turning = self.post(b"COMPRESS", b"DEFLATE", doing="compress")

    def _await_turn(self, allowance: Allowance) -> None:
        """Nothing may be sent between COMPRESS and its answer (RFC 4978 §3)."""
        exchange, self._turning = self._turning, None
        if exchange is not None:
            exchange.allowance = allowance
            for _ in self.collect(exchange):
                pass

    def invitation(self, exchange: Exchange) -> bytes | None:
        """Wait for `+ text` and return the text; None when the command ended instead."""
        self.transport.allow(exchange.allowance)
        while exchange.status is None:
            response = self._receive()
            if response.startswith(b"+"):
                return response[1:].strip()
            self.dispatch(response, exchange)
        return None

    def send_line(self, line: bytes) -> None:
        """Octets inside a command: the answer to an invitation."""
        self.transport.send(plain(line) + b"\r\n")

    # answers

    def collect(self, exchange: Exchange) -> Iterator[bytes]:
        """The responses that the exchange wants, as they come, until it has ended."""
        if self.squeeze and exchange.status is None and exchange.verb != b"LOGOUT":
            self._ask_to_compress()
        self.transport.allow(exchange.allowance)
        while exchange.early or exchange.status is None:
            if exchange.early:
                yield exchange.early.popleft()
                continue
            response = self._receive()
            if self.dispatch(response, exchange):
                yield response

    def settle(self) -> None:
        """Wait for the answers to everything in flight."""
        while self._in_flight:
            for response in self.collect(next(iter(self._in_flight.values()))):
                self.pushes.hear(response)

    def hear(self, exchange: Exchange) -> None:
        """Read one response while the exchange goes on, and give it to whom it belongs."""
        self.dispatch(self._receive(), exchange)

    def finish(self, exchange: Exchange) -> Status:
        """The status of an ended exchange. Raises what a NO or BAD stands for."""
        status = exchange.status
        assert status is not None
        if status.kind != "OK":
            raise refusal(exchange.doing, status.kind, status.code, status.text)
        return status

    def _receive(self) -> bytes:
        response = self.transport.response()
        self.note_response(response)
        return response

    def note_response(self, response: bytes) -> None:
        if (log := self._log) is not None:
            log(wirelog.server(response))

    def record(self, log: WireLog | None) -> None:
        """From now on tell `log` what is said, or nobody."""
        self._log = log

    def note(self, remark: str) -> None:
        """A remark of our own in the wire log."""
        if (log := self._log) is not None:
            log(f"-- {remark}")

    def forget(self) -> None:
        """Forget everything that was said so far."""
        self.capabilities = frozenset()
        self.offers = 0
        self.enabled = frozenset()
        self.server_id = {}
        self.pushes = Pushes()

    def dispatch(self, response: bytes, exchange: Exchange) -> bool:
        """Give a response to whom it belongs. True: it is what the exchange wants."""
        if not response.startswith(b"* "):
            self._tagged(response)
            return False
        _, name = reply.head(response)
        if name in exchange.wants:
            return True
        other = next((one for one in self._in_flight.values() if name in one.wants), None)
        if other is not None:
            other.early.append(response)
            return False
        status = reply.status(response[2:])
        if status is not None:
            self._spoken(status, exchange)
        elif name == b"CAPABILITY":
            self._offered(reply.rest(response))
        elif name == b"ENABLED":
            self.enabled |= frozenset(reply.rest(response).decode("ascii", "replace").upper().split())
        elif name == b"ID":
            self._identified(reply.rest(response))
        elif not name:
            self._break("a line that is no response")
        else:
            self.pushes.hear(response)
        return False

    def _tagged(self, response: bytes) -> None:
        tag, _, said = response.partition(b" ")
        exchange = self._in_flight.pop(tag, None)
        status = reply.status(said)
        if exchange is None or status is None or status.kind not in ("OK", "NO", "BAD"):
            self._break("an answer to a command that was not sent")
        exchange.status = status
        self.heed(status)
        if exchange.verb == b"COMPRESS" and status.kind == "OK":
            self.transport.compress()

    def _spoken(self, status: Status, exchange: Exchange) -> None:
        if status.kind == "BYE" and exchange.verb != b"LOGOUT":
            self.transport.close()
            raise farewell(self.transport.host, status.code, status.text)
        if status.code:
            exchange.codes.append(replace(status, text=b""))
        self.heed(status)

    def heed(self, status: Status) -> None:
        """Take note of a response code that means something whenever it comes."""
        if status.code == "ALERT":
            self.pushes.alert(status.text)
        elif status.code == "CAPABILITY":
            self._offered(status.arguments)

    def _offered(self, words: bytes) -> None:
        self.offers += 1
        listed = words[:_OFFERED].decode("ascii", "replace").upper().split()
        self.capabilities = frozenset(listed)

    def _identified(self, words: bytes) -> None:
        listed = next(iter(tokens.nodes(words)), None)
        pairs = listed if isinstance(listed, list) else []
        text = [clipped(word) if isinstance(word, bytes) else "" for word in pairs[:60]]
        self.server_id = {key.lower(): value for key, value in zip(text[::2], text[1::2], strict=False)}

    def _break(self, how: str) -> NoReturn:
        self.transport.close()
        raise garbled(self.transport.host, how)
