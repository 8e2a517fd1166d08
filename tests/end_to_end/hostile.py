"""Mail that wants to talk to the terminal, and what a terminal must never be told by mail."""

import base64
import re

PAYLOADS = (
    "\x1b]52;c;UFdORUQ=\x1b\\",  # write the clipboard
    "\x1b]0;PWNED\x07",  # the window's title
    "\x1b]8;;file:///etc/passwd\x1b\\here\x1b]8;;\x1b\\",  # a link of its own
    "\x1b]9;PWNED\x07\x1b]777;notify;PWNED;x\x07",  # a notification
    "\x1b[6n\x1b[c\x1b[5n\x1b[>q\x1b[21t",  # questions that the terminal answers on our input
    "\x1bP$qm\x1b\\\x1bP+q544e\x1b\\",  # more questions
    "\x1b_Gf=100;PWNED\x1b\\\x1b^x\x1b\\\x1bXx\x1b\\",  # pictures and the like
    "\x1b[2J\x1b[H\x1b[31mPWNED",  # paint over everything
    "\x1bc\x1b(0\x0e",  # reset, other letters
    "\x9b31mPWNED\x9d0;PWNED\x9c\x90x\x9c",  # the same in one octet
    "\u202eDENWP\u202c\u2066x\u2069\u200f\u061c",  # letters turned round
    "a\x00b\x07c\x08\x08\x08d\x0be\x0cf\x7fg",
    "[bold red]PWNED[/] [@click=app.quit]quit[/] [link=file:///etc]x[/link] [/",  # Textual's markup
    "zero\u200bwidth\u200djoiner\ufeffmark\U000e0041tag\ufff9",
    "\ud7ff".join("Z" + "\u0315\u0334" * 60 for _ in range(3)),  # letters that grow
)

_SEQUENCES = re.compile(
    rb"\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    rb"|\x1b\[(?P<csi>[0-?]*[ -/]*[@-~])"
    rb"|\x1b(?P<other>[^\[\]])"
)
_OWN_OSC = re.compile(rb"8;(id=[\w.-]+)?;((https?|mailto):[\x21-\x7e]*)?|22;[a-z-]+")  # links, pointer shapes
_KINDS = re.compile(rb"[0-9;:]*[mHABCDJK]|\?[0-9;]+[hl]|<u|[<>=]?[0-9;]*u")
_NEVER = re.compile(
    "[\x00-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def encoded(text: str) -> str:
    """An RFC 2047 word: controls survive transport in it."""
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


def messages() -> list[bytes]:
    """A message for each payload, which stands in every field that is shown, and in both bodies."""
    return [_message(number, payload) for number, payload in enumerate(PAYLOADS)]


def _message(number: int, payload: str) -> bytes:
    word = encoded(payload)
    numeric = "".join(f"&#{ord(sign)};" for sign in payload)
    raw = base64.b64encode(f"Text {number}: {payload}\n{payload}\n".encode()).decode()
    html = base64.b64encode(
        f"<p>{numeric}<a href='http://x.example/{payload}'>{payload}</a>".encode()
    ).decode()
    name = base64.b64encode(payload.encode()).decode()
    return (
        f"From: {word} <mallory{number}@evil.example>\nTo: {word} <alice@example.test>\nCc: {word}: ;\n"
        f"Reply-To: {word} <reply@evil.example>\nSubject: Hostile {number} {word}\n"
        f"Message-ID: <hostile{number}@evil.example>\nList-Id: {word} <l.evil.example>\n"
        f"Date: Mon, 5 Oct 2026 10:00:{number:02d} +0000\nX-Hostile: {word}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{raw}\n"
        f"--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{html}\n"
        f'--b\nContent-Type: application/x-evil; name="=?utf-8?b?{name}?="\n'
        f'Content-Disposition: attachment; filename="=?utf-8?b?{name}?="\n\nx\n--b--\n'
    ).encode("utf-8", "surrogateescape")


def told(written: bytes) -> list[str]:
    """What of these bytes a terminal must not be told, with a little of what stands around it."""
    faults = [_around(written, found) for found in _SEQUENCES.finditer(written) if not _allowed(found)]
    text = _SEQUENCES.sub(b"", written).decode("utf-8", "backslashreplace")
    faults += [repr(text[max(0, at.start() - 20) : at.end() + 20]) for at in _NEVER.finditer(text)]
    if "\x1b" in text or "\\x" in text.replace("\\\\x", ""):
        at = re.search("\x1b|\\\\x", text)
        assert at
        faults.append(repr(text[max(0, at.start() - 20) : at.end() + 20]))
    return faults


def _allowed(found: re.Match[bytes]) -> bool:
    if found["osc"] is not None:
        return _OWN_OSC.fullmatch(found["osc"]) is not None
    if found["csi"] is not None:
        return _KINDS.fullmatch(found["csi"]) is not None
    return False


def _around(written: bytes, found: re.Match[bytes]) -> str:
    return repr(written[max(0, found.start() - 20) : found.end() + 20])
