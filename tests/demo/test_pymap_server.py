"""A plain client gets from the demo what it would get from a good server."""

import socket
import time
from datetime import UTC, datetime

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from tests.demo.conftest import ADDRESS, PASSWORD, Running

PLAIN = b"From: Ines <ines@tide.example>\r\nSubject: =?utf-8?q?T=C3=A4glich?=\r\n\r\nfirst line\r\nsecond\r\n"
MIXED = (
    b"From: =?utf-8?b?SsO8cmdlbg==?= <j@tide.example>\r\nTo: robin@demo.example\r\n"
    b"Message-ID: <1@tide.example>\r\nSubject: two parts\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\npreamble\r\n'
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    b"R3LDvMOfZQ==\r\n"
    b"--b\r\nContent-Type: application/pdf\r\n"
    b"Content-Disposition: attachment;\r\n filename*=utf-8''K%C3%BCste.pdf\r\n\r\n%PDF-\r\n"
    b"--b\r\nContent-Type: message/rfc822\r\n\r\n"
    b"Subject: inner\r\nFrom: a@b.example\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n"
    b"--c\r\n\r\nplain\r\n--c\r\nContent-Type: text/html\r\n\r\n<p>html\r\n--c--\r\n"
    b"--b--\r\n"
)


def _answers(client: IMAPClient, seconds: float = 5) -> list[tuple[bytes | int, ...]]:
    """What an idling client hears, until it falls silent."""
    found: list[tuple[bytes | int, ...]] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        new = client.idle_check(timeout=0.3 if found else 1)
        if found and not new:
            break
        found += new
    return found


def test_only_the_right_password_signs_in(demo: Running) -> None:
    with IMAPClient("127.0.0.1", port=demo.servers.imap_port, ssl=False) as client:
        with pytest.raises(LoginError):
            client.login(ADDRESS, "another")
        client.login(ADDRESS, PASSWORD)
        assert b"SPECIAL-USE" in client.capabilities()
        assert b"IDLE" in client.capabilities()


def test_folders_have_roles_levels_and_any_script(demo: Running) -> None:
    with demo.client() as client:
        found = {name: flags for flags, _delimiter, name in client.list_folders()}
    assert b"\\Sent" in found["Sent"]
    assert b"\\Noselect" in found["Lists"]
    assert {"INBOX", "Lists/tides", "Entwürfe 2025", "書類"} <= found.keys()


def test_folders_are_made_renamed_and_deleted(demo: Running) -> None:
    with demo.client() as client:
        client.create_folder("Projekte/Grünes/Tief")
        demo.append(PLAIN, "Projekte/Grünes/Tief")
        client.rename_folder("Projekte/Grünes", "Archive/Grün & Blau")
        names = {name for *_, name in client.list_folders()}
        assert "Archive/Grün & Blau/Tief" in names
        assert client.select_folder("Archive/Grün & Blau/Tief")[b"EXISTS"] == 1
        client.delete_folder("書類")
        assert "書類" not in {name for *_, name in client.list_folders()}


def test_a_structure_has_true_sizes_and_file_names(demo: Running) -> None:
    uid = demo.append(MIXED)
    with demo.client() as client:
        client.select_folder("INBOX")
        structure = client.fetch([uid], ["BODYSTRUCTURE"])[uid][b"BODYSTRUCTURE"]
        parts = structure[0]
        assert [(part[0], part[1]) for part in parts[:2]] == [(b"text", b"plain"), (b"application", b"pdf")]
        assert parts[0][6] == len(client.fetch([uid], ["BODY.PEEK[1]"])[uid][b"BODY[1]"]) == 12
        assert parts[1][8] == (b"attachment", (b"filename*", b"utf-8''K%C3%BCste.pdf"))
        assert (
            parts[2][7].subject == b"inner" if hasattr(parts[2][7], "subject") else parts[2][7][1] == b"inner"
        )


def test_every_section_of_a_message_can_be_fetched(demo: Running) -> None:
    uid = demo.append(MIXED)
    wanted = {
        "1": b"R3LDvMOfZQ==",
        "2": b"%PDF-",
        "2.MIME": b"Content-Type: application/pdf\r\nContent-Disposition: attachment;\r\n"
        b" filename*=utf-8''K%C3%BCste.pdf\r\n\r\n",
        "3.1": b"plain",
        "3.2": b"<p>html",
        "3.HEADER.FIELDS (SUBJECT)": b"Subject: inner\r\n\r\n",
        "HEADER.FIELDS (MESSAGE-ID X-NONE)": b"Message-ID: <1@tide.example>\r\n\r\n",
        "": MIXED,
    }
    with demo.client() as client:
        client.select_folder("INBOX")
        for section, octets in wanted.items():
            answer = client.fetch([uid], [f"BODY.PEEK[{section}]"])[uid]
            got = next(value for key, value in answer.items() if key.startswith(b"BODY["))
            assert got == octets, section
        assert client.fetch([uid], ["BODY.PEEK[1]<4.3>"])[uid][b"BODY[1]<4>"] == b"vMO"
        assert client.fetch([uid], ["RFC822.SIZE", "FLAGS"])[uid][b"RFC822.SIZE"] == len(MIXED)


def test_an_envelope_keeps_encoded_words(demo: Running) -> None:
    uid = demo.append(MIXED)
    with demo.client() as client:
        client.select_folder("INBOX")
        envelope = client.fetch([uid], ["ENVELOPE"])[uid][b"ENVELOPE"]
    assert envelope.from_[0].name == b"=?utf-8?b?SsO8cmdlbg==?="
    assert envelope.message_id == b"<1@tide.example>"


def test_a_search_finds_what_is_encoded(demo: Running) -> None:
    plain, mixed = demo.append(PLAIN), demo.append(MIXED, flags=["\\Flagged", "project"])
    with demo.client() as client:
        client.select_folder("INBOX")
        assert client.search(["SUBJECT", "Täglich"], "UTF-8") == [plain]
        assert client.search(["BODY", "grüße"], "UTF-8") == [mixed]
        assert client.search(["FROM", "Jürgen"], "UTF-8") == [mixed]
        assert client.search(["TEXT", "second"]) == [plain]
        assert client.search(["HEADER", "Message-ID", "<1@tide.example>"]) == [mixed]
        assert client.search(["KEYWORD", "project"]) == [mixed]
        assert client.search(["NOT", "FLAGGED"]) == [plain]
        assert client.search(["SINCE", datetime(2026, 11, 25, tzinfo=UTC)]) == []


def test_keywords_and_flags_stay(demo: Running) -> None:
    uid = demo.append(PLAIN)
    with demo.client() as client, demo.client() as other:
        client.select_folder("INBOX")
        client.add_flags([uid], ["\\Seen", "$Forwarded", "project"])
        client.remove_flags([uid], ["project"])
        other.select_folder("INBOX", readonly=True)
        assert set(other.get_flags([uid])[uid]) >= {b"\\Seen", b"$Forwarded"}
        assert b"project" not in other.get_flags([uid])[uid]


def test_a_move_tells_the_new_uid(demo: Running) -> None:
    uids = [demo.append(PLAIN), demo.append(MIXED)]
    with demo.client() as client:
        client.select_folder("INBOX")
        client.move(uids, "書類")
        (told,) = client._imap.untagged_responses["COPYUID"]
        assert client.search("ALL") == []
        client.select_folder("書類")
        assert told.split()[2] == b"%d:%d" % tuple(client.search("ALL"))


def test_expunging_by_uid_spares_the_others(demo: Running) -> None:
    one, two = demo.append(PLAIN), demo.append(PLAIN)
    with demo.client() as client:
        client.select_folder("INBOX")
        client.add_flags([one, two], ["\\Deleted"])
        client.uid_expunge([one])
        assert client.search("ALL") == [two]


def test_an_append_keeps_date_flags_and_octets(demo: Running) -> None:
    when = datetime(2020, 2, 29, 12, 0, tzinfo=UTC)
    odd = PLAIN + b"caf\xe9 \xff raw octets\r\n"
    with demo.client() as client:
        client.normalise_times = False
        answer = client.append("Sent", odd, ["\\Seen"], when)
        assert b"APPENDUID" in answer
        client.select_folder("Sent")
        (uid,) = client.search("ALL")
        got = client.fetch([uid], ["BODY.PEEK[]", "INTERNALDATE", "FLAGS"])[uid]
    assert got[b"BODY[]"] == odd
    assert got[b"INTERNALDATE"] == when
    assert b"\\Seen" in got[b"FLAGS"]


def test_an_idle_client_hears_of_every_change(demo: Running) -> None:
    first = demo.append(PLAIN)
    with demo.client() as client, demo.client() as other:
        client.select_folder("INBOX")
        other.select_folder("INBOX")
        client.idle()
        demo.append(MIXED)
        assert (2, b"EXISTS") in _answers(client)
        other.add_flags([first], ["\\Flagged"])
        assert any(answer[1] == b"FETCH" for answer in _answers(client))
        other.move([first], "Archive")
        assert (1, b"EXPUNGE") in _answers(client)
        client.idle_done()


def test_a_burst_is_heard_to_its_end(demo: Running) -> None:
    with demo.client() as client:
        client.select_folder("INBOX")
        client.idle()
        for _ in range(50):
            demo.append(PLAIN)
        heard = _answers(client)
        client.idle_done()
    assert (50, b"EXISTS") in heard


def test_what_came_between_select_and_idle_is_told(demo: Running) -> None:
    with demo.client() as client:
        client.select_folder("INBOX")
        demo.append(PLAIN)
        # not by idle(): what comes together with the "+" is in a buffer that idle_check() does not look into
        client._imap.send(b"X1 IDLE\r\n")
        assert client._imap.readline().startswith(b"+")
        assert client._imap.readline() == b"* 1 EXISTS\r\n"
        client._imap.send(b"DONE\r\n")
        while not client._imap.readline().startswith(b"X1 OK"):
            pass


def test_a_client_that_vanishes_does_no_harm(demo: Running) -> None:
    with socket.create_connection(("127.0.0.1", demo.servers.imap_port)) as gone:
        gone.recv(1000)
        gone.sendall(b"a LOGIN {5}\r\n")
    with demo.client() as client:
        assert client.noop()
