"""Where mailtui keeps what (XDG base directories), for one profile. Computes names; only `ensure`
and the look at XDG_RUNTIME_DIR touch the disk."""

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mailtui.model.trouble import Trouble

_MAX_SOCKET = 100  # octets: sun_path holds 104 on macOS, 108 on Linux, with its final NUL
_SHORT = Path("/tmp")  # noqa: S108 - TMPDIR can be as long as what it replaces; ensure() checks who owns it


@dataclass(frozen=True, slots=True)
class Paths:
    """The four directories of a profile and the files in them. Two profiles never share one."""

    config: Path
    data: Path
    state: Path
    runtime: Path

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> "Paths":
        """The user's profile. As the XDG specification asks, names that aren't absolute don't count."""
        home = Path(env.get("HOME") or Path.home())
        state = _base(env, "XDG_STATE_HOME", home / ".local" / "state") / "mailtui"
        return cls(
            config=_base(env, "XDG_CONFIG_HOME", home / ".config") / "mailtui",
            data=_base(env, "XDG_DATA_HOME", home / ".local" / "share") / "mailtui",
            state=state,
            runtime=_runtime(env, state),
        )

    @classmethod
    def below(cls, root: Path) -> "Paths":
        """A profile of its own in one directory, for the demo and for tests."""
        return cls(root / "config", root / "data", root / "state", root / "runtime")

    @property
    def settings(self) -> Path:
        return self.config / "config.toml"

    @property
    def store(self) -> Path:
        return self.data / "mail.db"

    @property
    def parts(self) -> Path:
        return self.data / "parts"

    @property
    def socket(self) -> Path:
        """Where the service listens: in the runtime directory, unless that name is too long for
        a socket."""
        path = self.runtime / "service.sock"
        if len(os.fsencode(path)) <= _MAX_SOCKET:
            return path
        digest = hashlib.sha256(os.fsencode(self.runtime)).hexdigest()[:16]
        return _SHORT / f"mailtui-{os.getuid()}" / digest / "service.sock"

    @property
    def lock(self) -> Path:
        return self.runtime / "service.lock"

    @property
    def log(self) -> Path:
        return self.state / "mailtui.log"


def ensure(paths: Paths) -> None:
    """Make the directories that mailtui writes to, readable by the user alone.

    Raises Trouble when one can't be made or is somebody else's.
    """
    socket = paths.socket.parent
    short = [] if socket == paths.runtime else [socket.parent, socket]
    for path in (paths.data, paths.parts, paths.state, paths.runtime, *short):
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            _close(path)
        except OSError as error:
            raise Trouble(
                f"The directory {path} can't be used: {error.strerror}.",
                "Make it a directory that only you can write to.",
            ) from error


def _close(path: Path) -> None:
    """Take others' rights away; refuse a link or a directory that is someone else's."""
    found = path.lstat() if path.is_relative_to(_SHORT) else path.stat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PermissionError(0, "it belongs to someone else")
    if stat.S_IMODE(found.st_mode) & 0o077:
        path.chmod(0o700)


def _base(env: Mapping[str, str], name: str, fallback: Path) -> Path:
    value = Path(env.get(name, ""))
    return value if value.is_absolute() else fallback


def _runtime(env: Mapping[str, str], state: Path) -> Path:
    """XDG_RUNTIME_DIR/mailtui, or a directory below the state when there is none that is ours
    (after su the variable often names another user's)."""
    base = Path(env.get("XDG_RUNTIME_DIR", ""))
    return base / "mailtui" if base.is_absolute() and _ours(base) else state / "run"


def _ours(path: Path) -> bool:
    """Whether the directory is the user's own, or can be made. The answer stays the same once it is
    made: every front of a profile must find the same socket."""
    try:
        return path.stat().st_uid == os.getuid()
    except FileNotFoundError:
        there = next(parent for parent in path.parents if parent.exists())
        return os.access(there, os.W_OK)
    except OSError:
        return False
