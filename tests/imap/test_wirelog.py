"""The wire log shows the talk, not the mail and not the secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.imap import appending, content, index, selecting, wirelog
from tests.imap.opening import crlf, message, messages, open_dovecot
from tests.servers.dovecot import Dovecot, User


def test_no_mail_and_no_secret_is_in_it(dovecot: Dovecot, user: User) -> None:
    dovecot.seed(user, "INBOX", messages(3))
    lines: list[str] = []
    conn = open_dovecot(dovecot, user, log=lines.append)
    selecting.select(conn, b"INBOX")
    index.newest(conn, 3)
    content.fetch_part(conn, 1, "1", len)
    content.fetch_parts(conn, 2, ["1", "HEADER"])
    appending.append(conn, b"INBOX", crlf(message(4)))
    conn.logout()
    said = "\n".join(lines)
    assert "SELECT INBOX" in said
    assert "FETCH … (" in said
    assert all(line[:3] in ("C: ", "S: ", "-- ") for line in lines)
    for private in ("Body 1", "number 1", "example.test>", user.password):
        assert private not in said


@pytest.mark.parametrize(
    "response",
    [
        b'* 1 FETCH (UID 3 ENVELOPE (NIL "canary"))',
        b"* 1 fetch (BODY[] {6}\r\ncanary)",
        b'*  1 FETCH ("canary")',
        b'* FETCH 1 ("canary")',
        b'* 1 FETCH("canary")',
        b'* PREVIEW "canary"',
        b"* 12 canary",
        b"canary",
        b"+ Y2FuYXJ5 canary",
        b"M1 canary",
        b" * OK canary",
        b"",
    ],
)
def test_what_may_hold_mail_is_only_counted(response: bytes) -> None:
    line = wirelog.server(response)
    assert "canary" not in line
    assert line.endswith(f"({len(response)} octets)")


@given(st.lists(st.sampled_from([b"*", b"1", b"FETCH", b"OKAY", b" ", b"(", b"BODY[]", b"+"]), max_size=8))
def test_no_line_that_is_not_known_shows_what_follows(words: list[bytes]) -> None:
    assert "canary" not in wirelog.server(b"".join(words) + b"(canary)")


@pytest.mark.parametrize(
    "response",
    [
        b"* 3 EXISTS",
        b"* SEARCH 1 2 3",
        b"* ESEARCH (TAG M1) UID ALL 1:3",
        b'* LIST (\\HasNoChildren) "/" INBOX',
        b"M3 OK [COPYUID 1 2 3] Move completed.",
        b"* BYE Too many connections.",
    ],
)
def test_what_explains_a_trouble_is_shown(response: bytes) -> None:
    assert wirelog.server(response) == "S: " + response.decode()


def test_what_is_searched_for_is_not_shown() -> None:
    words = b'RETURN (ALL) SUBJECT "canary" OR FROM "a \\"canary" SINCE 1-Jan-2026 BODY {6}'
    line = wirelog.client(b"M2", b"UID SEARCH", words, secret=False)
    assert "canary" not in line
    assert "SINCE 1-Jan-2026" in line
    assert line.endswith("BODY {6}")


def test_controls_and_length_are_made_harmless() -> None:
    line = wirelog.server(b"* OK \x1b]0;x\x07 \xff" + b"x" * 5000)
    assert line.isprintable()
    assert len(line) <= 300
    assert wirelog.client(b"M1", b"LOGIN", b"a b", secret=True) == "C: M1 LOGIN (not shown)"
