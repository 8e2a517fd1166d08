"""The disposable child of reader.py: takes one message after the other apart, within limits on time and
memory that it sets itself before it has seen anything. Says nothing but answers."""

import json
import resource
import struct
import sys
from typing import BinaryIO

MEMORY = 512 * 2**20  # octets of address space
SECONDS = 5  # of computing, per message


def limit() -> None:
    """No core dump, no file, no more memory than this."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform != "darwin":  # which has no limit that it would keep to
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def limit_time() -> None:
    """The kernel ends the process when this message has cost too much (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (spent + SECONDS, hard))


def answer(question: dict[str, object], octets: bytes) -> dict[str, object]:
    """{"body": …} and, for a whole message, {"tree": …}, packed as the store packs them."""
    from mailtui.store import rows
    from mailtui.text import render, source

    if "whole" in question:
        found = source.parse(octets)
        body = render.whole(found, html=bool(question.get("html")))
        return {"tree": rows.pack_part(found.root), "body": [body.text, rows.pack_body(body)]}
    parts = []
    start = 0
    leaves = question["parts"]
    assert isinstance(leaves, list)
    for packed, length in leaves:
        parts.append((rows.part(packed), octets[start : start + length]))
        start += length
    body = render.body(parts)
    return {"body": [body.text, rows.pack_body(body)]}


def read(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        sys.exit(0)  # the service is gone
    return data


def main() -> None:
    limit()
    sys.setrecursionlimit(500)
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    while True:
        head, tail = struct.unpack("!II", read(stdin, 8))
        question = json.loads(read(stdin, head))
        octets = read(stdin, tail)
        limit_time()
        reply = json.dumps(answer(question, octets)).encode()
        stdout.write(struct.pack("!I", len(reply)) + reply)
        stdout.flush()


if __name__ == "__main__":
    main()
