"""Exit statuses by sysexits(3), and which trouble is which."""

from mailtui.model.trouble import (
    Garbled,
    Insecure,
    NoSecret,
    Refused,
    ServerBusy,
    SignInRefused,
    Trouble,
    Unreachable,
)

OK = 0
USAGE = 64
BAD_DATA = 65
NO_INPUT = 66
UNREACHABLE = 69
SOFTWARE = 70
TRY_LATER = 75
REFUSED = 77
SETTINGS = 78

_BY_KIND: tuple[tuple[type[Trouble], int], ...] = (
    (Unreachable, UNREACHABLE),
    (Garbled, UNREACHABLE),
    (ServerBusy, TRY_LATER),
    (SignInRefused, REFUSED),
    (NoSecret, REFUSED),
    (Insecure, REFUSED),
    (Refused, REFUSED),
)


def status_of(trouble: Trouble) -> int:
    """The exit status that tells a script what kind of trouble it was."""
    from mailtui.config.settings import NoSettings, SettingsTrouble

    if isinstance(trouble, NoSettings | SettingsTrouble):
        return SETTINGS
    return next((status for kind, status in _BY_KIND if isinstance(trouble, kind)), UNREACHABLE)
