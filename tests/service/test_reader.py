"""The disposable child: hostile mail costs a child, never the service."""

import sys
import time
from pathlib import Path

import pytest

from mailtui.model.part import Part
from mailtui.service.reader import UNREADABLE, MailReader

PLAIN = Part("1", "text/plain", 5, charset="utf-8")

STUB = """
import sys, struct, time
mode = sys.argv[1]
def read(n): return sys.stdin.buffer.read(n)
head, tail = struct.unpack("!II", read(8)); read(head); octets = read(tail)
if mode == "loop":
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, (1, 2))
    while True: pass
if mode == "sleep": time.sleep(60)
if mode == "babble": sys.stdout.buffer.write(b"\\x00\\x00\\x00\\x05hello"); sys.stdout.flush(); time.sleep(60)
if mode == "flood":
    while True: sys.stdout.buffer.write(b"\\xff" * 65536)
if mode == "die": sys.exit(3)
"""


def test_texts_become_bodies() -> None:
    reader = MailReader()
    try:
        assert reader.body([(PLAIN, b"Hello")]).text == "Hello"
        html = Part("2", "text/html", 12, charset="utf-8")
        body = reader.body([(PLAIN, b"Hello"), (html, "<p>Grüße</p>".encode())])
        assert "Hello" in body.text
        assert "Grüße" in body.text
        root, whole = reader.message(b"Content-Type: text/html\r\n\r\n<p>Whole</p>\r\n")
        assert root.type == "text/html"
        assert whole.text.strip() == "Whole"
    finally:
        reader.close()


def test_a_child_that_fails_is_replaced_and_the_message_says_so(tmp_path: Path) -> None:
    stub = tmp_path / "stub.py"
    stub.write_text(STUB)
    for mode in ("loop", "sleep", "babble", "flood", "die"):
        reader = MailReader([sys.executable, str(stub), mode], patience=4 if mode == "loop" else 1)
        begun = time.monotonic()
        body = reader.body([(PLAIN, b"Hello")])
        assert body.trouble == UNREADABLE
        assert body.missing == 5
        assert time.monotonic() - begun < 20
        reader.close()


def test_a_message_too_large_for_the_child_costs_only_the_child() -> None:
    reader = MailReader()
    try:
        bomb = b"Content-Type: text/html\r\n\r\n" + b"<div>" * 6_000_000
        reader.message(bomb)
        assert reader.body([(PLAIN, b"Hello")]).text == "Hello"
    finally:
        reader.close()


def test_no_secret_of_ours_is_in_the_childs_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILTUI_PASSWORD_WORK", "canary")
    stub = tmp_path / "stub.py"
    seen = tmp_path / "seen"
    stub.write_text(f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ)))")
    reader = MailReader([sys.executable, str(stub)], patience=5)
    reader.body([(PLAIN, b"Hello")])
    reader.close()
    assert "canary" not in seen.read_text()
