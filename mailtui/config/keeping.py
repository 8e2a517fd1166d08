"""What is kept on this machine, as the settings say it: for an account, for some of its folders, in all."""

import re

from mailtui.config.checking import Table, did_you_mean, shown
from mailtui.model.keeping import USUAL, USUAL_SIZE, Keep

_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([kMGT]?B)", re.IGNORECASE)
_UNITS = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_LEAST = 10**6  # octets; with less nothing could be read
_WORDS = ("headers", "everything", "14 days")


def read_keep(table: Table) -> tuple[Keep, tuple[tuple[str, Keep], ...]]:
    """What `keep` says of an account and `keep_folders` of folders by path."""
    value = table.text("keep", "", _wrong)
    usual = Keep.parse(value) or USUAL
    folders = table.table("keep_folders")
    chosen: list[tuple[str, Keep]] = []
    for path in [path for path, _ in folders.items()] if folders else ():
        assert folders is not None
        keep = Keep.parse(folders.text(path, "", _wrong))
        if keep is not None:
            chosen.append((path, keep))
    return usual, tuple(chosen)


def read_size(table: Table, name: str) -> int:
    """Octets, of a text such as "2 GB"."""
    value = table.text(name)
    if not value:
        return USUAL_SIZE
    found = _SIZE.fullmatch(value.strip())
    octets = int(float(found[1]) * _UNITS[found[2].lower()]) if found else 0
    if found is None:
        table.wrong(name, f'{shown(value)} is not a size such as "500 MB" or "2 GB".')
    elif octets < _LEAST:
        table.wrong(name, f"{shown(value)} is too little to keep anything; use 1 MB or more.")
    return max(octets, _LEAST)


def _wrong(value: str) -> str:
    if Keep.parse(value) is not None:
        return ""
    hint = did_you_mean(value, _WORDS)
    said = 'is not "headers", "everything" or a number of days such as "30 days".'
    return f"{said} {hint}" if hint else said
