"""Profiles for whole-program tests: directories of their own, and an environment that leads there."""

import os
from collections.abc import Mapping
from pathlib import Path

from mailtui.config.paths import Paths, ensure

ROOT = Path(__file__).parents[2]
_KEPT = ("PATH", "LANG", "LC_ALL", "SSL_CERT_FILE")


class Profile:
    """Everything of one user of mailtui below one directory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        names = ("CONFIG_HOME", "DATA_HOME", "STATE_HOME", "RUNTIME_DIR")
        self._xdg = {f"XDG_{name}": str(root / name.lower()) for name in names}
        self.paths = Paths.from_environment(self._xdg)
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for place in self._xdg.values():
            Path(place).mkdir(mode=0o700, exist_ok=True)
        ensure(self.paths)

    def environment(self, secrets: Mapping[str, str] | None = None) -> dict[str, str]:
        """What the program may know: this profile and nothing else of the user's. `secrets` maps
        account keys to passwords."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        passwords = {f"MAILTUI_PASSWORD_{key.upper()}": secret for key, secret in (secrets or {}).items()}
        own = {"HOME": str(self.root), "PYTHONPATH": str(ROOT), "TZ": "UTC"}
        return {"LANG": "C.UTF-8", **kept, **passwords, **own, **self._xdg}
