"""The wire log shows the talk, not the mail and not the secrets."""

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


def test_controls_and_length_are_made_harmless() -> None:
    line = wirelog.server(b"* OK \x1b]0;x\x07 \xff" + b"x" * 5000)
    assert line.isprintable()
    assert len(line) <= 300
    assert wirelog.client(b"M1", b"LOGIN", b"a b", secret=True) == "C: M1 LOGIN (not shown)"
