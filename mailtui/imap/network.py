"""A TCP connection to whichever of a host's addresses answers first (RFC 8305, simply)."""

import errno
import ipaddress
import os
import select
import socket
from collections.abc import Callable
from typing import Any, Final

from mailtui.model.trouble import Unreachable

_Address = tuple[int, tuple[Any, ...]]
_STAGGER: Final = 0.25  # seconds before the next address is tried beside the last


def connect(host: str, port: int, seconds: float, clock: Callable[[], float]) -> socket.socket:
    """A non-blocking socket with TCP_NODELAY (IMAP's small writes stall 40 ms without).

    Raises Unreachable when no address answers within `seconds`.
    """
    waiting: dict[int, socket.socket] = {}
    try:
        return _race(host, port, seconds, clock, waiting)
    finally:
        for late in waiting.values():
            late.close()


def is_loopback(host: str) -> bool:
    """Whether every address of the host is this machine. An unknown host is not."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return all(ipaddress.ip_address(str(address[0]).split("%")[0]).is_loopback for *_, address in found)


def _race(
    host: str, port: int, seconds: float, clock: Callable[[], float], waiting: dict[int, socket.socket]
) -> socket.socket:
    end = clock() + seconds
    addresses = _addresses(host, port)
    last = "it did not answer"
    poll = select.poll()
    while addresses or waiting:
        left = end - clock()
        if left <= 0:
            break
        if addresses:
            family, address = addresses.pop(0)
            begun = _begin(family, address)
            if isinstance(begun, str):
                last = begun
                continue
            waiting[begun.fileno()] = begun
            poll.register(begun, select.POLLOUT)
            left = min(left, _STAGGER) if addresses else left
        for number, _ in poll.poll(left * 1000):
            poll.unregister(number)
            candidate = waiting.pop(number)
            error = candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if not error:
                candidate.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return candidate
            last = os.strerror(error).lower()
            candidate.close()
    raise Unreachable(f"{host} can't be reached on port {port}: {last}.", "Is there a network?")


def _addresses(host: str, port: int) -> list[_Address]:
    """(family, address) pairs with the families taking turns, beginning as the system prefers."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = f"There is no server named {host}, or no network to ask."
        raise Unreachable(reason, "Check the name in the settings.") from error
    first: list[_Address] = [(family, address) for family, *_, address in found if family == found[0][0]]
    other: list[_Address] = [(family, address) for family, *_, address in found if family != found[0][0]]
    mixed: list[_Address] = []
    while first or other:
        mixed.extend(group.pop(0) for group in (first, other) if group)
    return mixed


def _begin(family: int, address: tuple[Any, ...]) -> socket.socket | str:
    """A socket that is connecting, or why it can't."""
    try:
        begun = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        return (error.strerror or str(error)).lower()
    begun.setblocking(False)
    code = begun.connect_ex(address)
    if code in (0, errno.EINPROGRESS, errno.EWOULDBLOCK):
        return begun
    begun.close()
    return os.strerror(code).lower()
