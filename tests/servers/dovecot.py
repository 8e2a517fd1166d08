"""A real Dovecot for tests: its own directory and ports, TLS by a CA of our own, as an ordinary user.

Any user name signs in with the password `<name>-pass`, so each test can have a mailbox of its own.
"""

import contextlib
import grp
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from imaplib import IMAP4
from pathlib import Path
from string import Template
from types import TracebackType
from typing import Self

from tests.servers.certificates import Certificates, make_certificates

POOR = "IMAP4rev1 LITERAL+ STARTTLS AUTH=PLAIN AUTH=LOGIN"
ROLES = ("Drafts", "Junk", "Sent", "Trash", "Archive")
_LETTERS = {"\\Seen": "S", "\\Flagged": "F", "\\Answered": "R", "\\Draft": "D", "\\Deleted": "T"}
_MISSING = "These tests need Dovecot and openssl. On Debian or Ubuntu: apt-get install dovecot-imapd openssl"
_names = itertools.count(1)


@dataclass(frozen=True, slots=True)
class User:
    """A mailbox of the server."""

    name: str
    password: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What one connection said after it had signed in (Dovecot's rawlog)."""

    client: bytes
    server: bytes


class Dovecot:
    """`imap_capability` only hides: the commands still work, so look at `rawlog` for what was sent."""

    host = "127.0.0.1"

    def __init__(
        self, *, capability: str = "", special_use: bool = True, prefix: str = "", compress: bool = False
    ) -> None:
        """`capability` replaces what is advertised; `prefix` ("INBOX.") puts every folder below it,
        as Courier does, with the prefix's last character as separator. With `compress` it offers
        COMPRESS=DEFLATE, and nobody can read `rawlog`, or on the wire, what was said."""
        executable = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
        if executable is None or shutil.which("openssl") is None:
            raise RuntimeError(_MISSING)
        self._executable = executable
        self._capability, self._special_use, self._prefix = capability, special_use, prefix
        self._plugins = "imap_zlib" if compress else ""
        self.root = Path(tempfile.mkdtemp(prefix="mailtui-dovecot-"))
        self.root.chmod(0o755)
        account = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self._uid, self._gid, self._user = account.pw_uid, account.pw_gid, account.pw_name
        self.imap, self.imaps = _free_port(), _free_port()
        self.certificates: Certificates = make_certificates(self.root / "tls")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def ca_file(self) -> str:
        return str(self.certificates.ca)

    # life

    def start(self) -> Self:
        for name in ("run", "state", "home", "rawlog"):
            (self.root / name).mkdir(exist_ok=True)
        (self.root / "dovecot.conf").write_text(self._configuration())
        self._own(self.root)
        # should the tests be killed, the server goes with them
        along = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        command = [*self._dropped(), *along, self._executable, "-F", "-c", str(self.root / "dovecot.conf")]
        with (self.root / "output").open("ab") as output:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.discard()
            raise
        return self

    def stop(self) -> None:
        """End every process of the server; the mail stays for another `start`."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(2)  # it lingers while clients are signed in
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Every process of the server stands still: what is sent is taken, and nothing answers."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._process.pid, signal.SIGCONT)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def discard(self) -> None:
        """Stop, and remove everything the server wrote."""
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    # users and mail

    def user(self, name: str) -> User:
        """The user of that name (lower case), with a mailbox directory and a wire log."""
        for place in ("home", "rawlog"):
            (self.root / place / name).mkdir(exist_ok=True)
            self._own(self.root / place / name)
        return User(name, f"{name}-pass")

    def new_user(self, name: str = "user") -> User:
        """A user nobody had before, with an empty mailbox."""
        return self.user(f"{name}{next(_names)}")

    def seed(self, user: User, folder: str, messages: Iterable[tuple[bytes, Sequence[str]]]) -> int:
        """Write (source, flags) pairs straight into the maildir, which is a hundred times faster than
        APPEND; line ends become CR LF on the wire. Only for folders not yet opened. Returns how many."""
        base = self.root / "home" / user.name / "Maildir"
        base = base if folder == "INBOX" else base / folder
        for name in ("cur", "new", "tmp"):
            (base / name).mkdir(parents=True, exist_ok=True)
        number = 0
        for number, (source, flags) in enumerate(messages, 1):
            letters = "".join(sorted(_LETTERS[flag] for flag in flags))
            (base / "cur" / f"{1_700_000_000 + number}.M{number}.seed:2,{letters}").write_bytes(source)
        self._own(self.root / "home" / user.name)
        return number

    def append(self, user: User, folder: str, source: bytes, flags: str = "") -> None:
        """Another client's APPEND, over the wire: live connections see it."""
        with self.other_client(user) as client:
            answer, text = client.append(f'"{folder}"', flags, "", source)
            assert answer == "OK", text

    def other_client(self, user: User) -> IMAP4:
        """The standard library's client, signed in: to change things behind the back of ours."""
        client = IMAP4(self.host, self.imap, timeout=10)
        client.login(user.name, user.password)
        return client

    def reset(self, user: User) -> User:
        """Throw the user's connections, mail and wire log away."""
        self.kick(user)
        for place in ("home", "rawlog"):
            shutil.rmtree(self.root / place / user.name, ignore_errors=True)
        return self.user(user.name)

    def kick(self, user: User) -> None:
        """Cut every connection of the user."""
        self.doveadm("kick", user.name)

    # looking behind the scenes

    def rawlog(self, user: User) -> list[Dialogue]:
        """Every connection of the user so far, oldest first, without what was said before sign-in."""
        asked = sorted((self.root / "rawlog" / user.name).glob("*.in"), key=_began)
        return [Dialogue(_spoken(file), _spoken(file.with_suffix(".out"))) for file in asked]

    def log(self) -> str:
        """The server's own log: logins, logouts, moves, expunges, flag changes."""
        return (self.root / "dovecot.log").read_text(errors="replace")

    def doveadm(self, *words: str) -> str:
        command = [*self._dropped(), "doveadm", "-c", str(self.root / "dovecot.conf"), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    # how it is set up

    def _configuration(self) -> str:
        auto = "subscribe" if self._special_use else "create"
        folders = "\n".join(
            f"  mailbox {role} {{\n    auto = {auto}\n"
            + (f"    special_use = \\{role}\n" if self._special_use else "")
            + "  }"
            for role in ROLES
        )
        values = {
            "root": self.root,
            "user": self._user,
            "group": grp.getgrgid(self._gid).gr_name,
            "certificate": self.certificates.good.certificate,
            "key": self.certificates.good.key,
            "imap": self.imap,
            "imaps": self.imaps,
            "prefix": self._prefix,
            "separator": self._prefix[-1:] or "/",
            "folders": folders,
            "imap_plugins": self._plugins,
            # one that hides what it can do must not be recognised either
            "greeting": "Ready." if self._capability else "Dovecot ready.",
            "capability": f"imap_capability = {self._capability}" if self._capability else "",
        }
        return Template((Path(__file__).parent / "dovecot.conf").read_text()).substitute(values)

    def _own(self, path: Path) -> None:
        if os.getuid() == 0:
            for place in (path, *path.rglob("*")):
                with contextlib.suppress(FileNotFoundError):  # the server renames files meanwhile
                    os.chown(place, self._uid, self._gid)

    def _dropped(self) -> list[str]:
        if os.getuid() != 0:
            return []
        return ["setpriv", f"--reuid={self._uid}", f"--regid={self._gid}", "--clear-groups"]

    def _wait_until_it_answers(self) -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if self._process is not None and self._process.poll() is not None:
                break
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.imap), 5) as probe:
                if probe.recv(4096).startswith(b"* OK"):
                    return
            time.sleep(0.02)
        said = (self.root / "output").read_text(errors="replace")
        raise RuntimeError(f"Dovecot did not start. {said}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _spoken(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""


def _began(file: Path) -> float:
    """When the first line of a raw log was said; names tell by seconds and process number only."""
    with file.open("rb") as lines:
        word = lines.readline().partition(b" ")[0]
    return float(word) if word else file.stat().st_mtime
