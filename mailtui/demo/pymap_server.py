"""The demo's IMAP server: pymap's dictionary backend with its gaps filled."""

import asyncio
import ssl
from argparse import Namespace
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from datetime import datetime

from proxyprotocol.noop import ProxyProtocolNoop
from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Identity, Login, Session
from pymap.backend.dict.filter import FilterSet
from pymap.concurrent import Subsystem
from pymap.config import BackendCapability
from pymap.context import connection_exit
from pymap.imap import IMAPConnection, IMAPServer
from pymap.imap.state import ConnectionState
from pymap.interfaces.login import IdentityInterface
from pymap.parsing.response import Response
from pymap.parsing.specials.flag import Flag
from pymap.user import UserMetadata
from pysasl.creds.server import ServerCredentials
from pysasl.hashing import Cleartext

from mailtui.demo.interface import User
from mailtui.demo.pymap_mailbox import DemoSession, Mailboxes

_LONGEST_LINE = 2**20
_AT_ONCE = 2**18


class _Config(Config):
    @property
    def backend_capability(self) -> BackendCapability:
        return BackendCapability(idle=True, object_id=False, multi_append=True, custom=[b"SPECIAL-USE"])

    @property
    def greeting(self) -> bytes:
        return b"mailtui demo ready"  # pymap's asks the network for our name, which takes its time


class _Identity(Identity):
    @asynccontextmanager
    async def new_session(self) -> AsyncIterator[Session]:
        boxes, filters = self.config.set_cache[self.name]
        yield DemoSession(self.name, self.config, boxes, filters)


class _Login(Login):
    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        identity = await super().authenticate(credentials)
        return _Identity(identity.name, self, None, identity.roles)

    async def authorize(self, authenticated: IdentityInterface, authzid: str) -> Identity:
        identity = await super().authorize(authenticated, authzid)
        return _Identity(identity.name, self, None, identity.roles)


class _Writer:
    """Gathers the words of a response, so that a line leaves in one piece: some clients (IMAPClient
    in IDLE) drop the connection over half a line."""

    def __init__(self, stream: asyncio.StreamWriter) -> None:
        self._stream = stream
        self._waiting = bytearray()

    def write(self, data: bytes) -> None:
        self._waiting += data
        if len(self._waiting) > _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        self._stream.write(bytes(self._waiting))
        self._waiting.clear()


class _Connection(IMAPConnection):
    async def write_response(self, resp: Response) -> None:
        writer = _Writer(self.writer)
        with suppress(ConnectionError):  # the next read notices that nobody is there
            await resp.async_write(writer)
            writer.flush()
            await self.writer.drain()


class _Server(IMAPServer):
    async def __call__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sock_info: SocketInfo
    ) -> None:
        connection = _Connection(self.commands, self._config, reader, writer, sock_info)
        async with AsyncExitStack() as stack:
            connection_exit.set(stack)
            stack.enter_context(closing(connection))
            await connection.run(ConnectionState(self._login, self._config))


class ImapServer:
    """IMAP in clear on 127.0.0.1, for `users` who all have the same password."""

    def __init__(self, users: Iterable[User], password: str) -> None:
        self._users, self._password = tuple(users), password
        self._boxes: dict[str, Mailboxes] = {}
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        assert self._server is not None, "not started"
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self) -> None:
        config = self._configuration()
        config.apply_context()
        login = _Login(config)
        for user in self._users:
            login.users_dict[user.address] = UserMetadata(config, user.address, password=self._password)
            boxes = self._boxes[user.address] = Mailboxes(user.folders, user.roles)
            config.set_cache[user.address] = (boxes, FilterSet())
        serve = ProxyProtocolReader(ProxyProtocolNoop()).get_callback(_Server(login, config))

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._connections.add(task)
            try:
                await serve(reader, writer)
            finally:
                self._connections.discard(task)

        self._server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=_LONGEST_LINE)

    async def stop(self) -> None:
        """Say BYE to everyone and end within a second."""
        if self._server is None:
            return
        self._server.close()
        tasks = [*self._connections]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=1)

    def append(
        self, user: str, folder: str, source: bytes, flags: Sequence[str], when: datetime, *, new: bool
    ) -> int:
        kept = [Flag(flag.encode("ascii")) for flag in flags]
        return self._boxes[user].box(folder).add(source, kept, when, recent=new).uid

    @staticmethod
    def _configuration() -> _Config:
        unused = Namespace(passlib_cfg=None, proxy_protocol=None, inherited_sockets=None)
        return _Config(
            unused,
            host="127.0.0.1",
            port=0,
            demo_data=False,
            demo_user="-",
            demo_password="",  # of a user that is not made
            tls_enabled=False,
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
            hash_context=Cleartext(),  # one password, made for this run, that never leaves memory
            cpu_subsystem=Subsystem.for_asyncio(),
            invalid_user_sleep=0.0,
            reject_dnsbl=False,
        )
