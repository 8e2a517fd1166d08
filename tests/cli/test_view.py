"""`mailtui view` shows any file as a message, safely, and needs neither settings nor network."""

import json
from pathlib import Path

from tests.cli.messages import EVIL, message
from tests.cli.shell import Shell, as_list
from tests.cli.test_listing import CONTROLS

MIXED = b"""\
From: =?utf-8?q?J=C3=B6rg?= <joerg@example.test>
To: Alice <alice@example.test>, bob@example.test
Subject: Two parts
Date: Mon, 02 Mar 2026 10:00:00 +0000
Message-ID: <view@example.test>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p>Hello <a href="https://example.test/x">there</a><img src="https://example.test/pixel.png" width=1></p>
--b
Content-Type: application/pdf; name="../../etc/invoice.pdf"
Content-Disposition: attachment; filename="../../etc/invoice.pdf"
Content-Transfer-Encoding: base64

JVBERi0=
--b--
"""


def test_headers_text_links_and_attachments(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "m.eml"
    file.write_bytes(MIXED)
    text = shell.run("view", str(file)).stdout
    assert "From:     Jörg <joerg@example.test>" in text
    assert "Subject:  Two parts" in text
    assert "Hello there" in text
    assert "https://example.test/x" in text
    assert "Attachment: invoice.pdf (application/pdf" in text
    (record,) = as_list(shell.run("view", "--json", str(file)))
    assert record["from"] == [{"name": "Jörg", "address": "joerg@example.test"}]
    assert [one["address"] for one in record["to"]] == ["alice@example.test", "bob@example.test"]
    assert record["date"] == "2026-03-02T10:00:00Z"
    assert record["message_id"] == "<view@example.test>"
    assert record["from_html"] is True
    assert record["trackers"] == 1
    assert [one["url"] for one in record["links"]] == ["https://example.test/x"]
    assert [one["name"] for one in record["attachments"]] == ["invoice.pdf"]


def test_nothing_that_a_terminal_obeys_comes_out(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "evil.eml"
    file.write_bytes(message(1, "Mallory <m@example.test>", EVIL, "\x1b]0;x\x07\x9b31m \u202egpj"))
    for words in (["view"], ["view", "--json"]):
        done = shell.run(*words, str(file))
        assert done.returncode == 0
        assert not CONTROLS.search(done.stdout.replace("\n", ""))


def test_stdin_is_a_file_too(shell: Shell) -> None:
    done = shell.run("view", "--json", "-", stdin="Subject: from stdin\n\nHi\n")
    assert as_list(done)[0]["subject"] == "from stdin"


def test_one_file_that_is_not_there_does_not_stop_the_others(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "m.eml"
    file.write_bytes(MIXED)
    done = shell.run("view", "--json", str(tmp_path / "none"), str(file), str(tmp_path))
    assert done.returncode == 66
    assert len(json.loads(done.stdout)) == 1
    assert done.stderr.count("can't be read") == 2


def test_what_is_no_message_is_said_to_be_none_and_does_not_stop_the_others(
    shell: Shell, tmp_path: Path
) -> None:
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256))
    files = []
    for number, octets in enumerate((b"", b"\0" * 99, png, b"\r" * 500, b":::\n" * 99, b"note: buy milk\n")):
        files.append(tmp_path / str(number))
        files[-1].write_bytes(octets)
    good = tmp_path / "m.eml"
    good.write_bytes(MIXED)
    done = shell.run("view", "--json", *map(str, files), str(good))
    assert done.returncode == 65
    assert done.stderr.count("is no mail message") == len(files)
    assert [one["subject"] for one in json.loads(done.stdout)] == ["Two parts"]


def test_a_message_with_any_octets_in_it_is_shown(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "odd.eml"
    file.write_bytes(b"Subject: odd\n\n" + b"\0\r" * 99 + bytes(range(256)) * 20)
    assert as_list(shell.run("view", "--json", str(file)))[0]["subject"] == "odd"
