"""The mail that the command line's tests look at."""


def message(number: int, sender: str, subject: str, text: str = "Hello.") -> bytes:
    return (
        f"From: {sender}\nTo: Alice <alice@example.test>\nSubject: {subject}\n"
        f"Date: Mon, 02 Mar 2026 10:{number:02}:00 +0000\nMessage-ID: <cli-{number}@example.test>\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    ).encode()


EVIL = "=?utf-8?q?clear_=1B]0;owned=07_=1B[2J_=C2=9B31m_=E2=80=AEgpj?="

SEEDED: dict[str, list[tuple[bytes, list[str]]]] = {
    "INBOX": [
        (message(1, "Bob <bob@example.test>", "The budget"), ["\\Seen"]),
        (message(2, "Carol <carol@example.test>", "Lunch?"), []),
        (message(3, "=?utf-8?q?J=C3=B6rg?= <joerg@example.test>", "Grüße"), ["\\Flagged"]),
        (message(4, "Mallory <mallory@example.test>", EVIL), []),
    ],
    "Projects/Petrel": [(message(5, "Dave <dave@example.test>", "Budget of Petrel"), [])],
    "Sent": [(message(6, "Alice <alice@example.test>", "Re: Lunch?"), ["\\Seen"])],
}
