"""The server sees the same parts in a message as the standard library's parser does."""

from email import message_from_bytes
from email.message import Message

from hypothesis import given
from hypothesis import strategies as st

from mailtui.demo.mime import Entity, parse

LINES = st.sampled_from(
    [
        b"Content-Type: multipart/mixed; boundary=a",
        b"Content-Type: multipart/alternative; boundary=b",
        b"Content-Type: message/rfc822",
        b"Content-Type: text/html",
        b"Subject: x",
        b"--a",
        b"--b",
        b"--a--",
        b"--b--",
        b"--ab",
        b"text",
        b"",
        b"",
    ]
)


def shape(part: Message) -> list[object]:
    children = [child for child in part.get_payload() if isinstance(child, Message)]
    return [part.get_content_type(), *map(shape, children)]


def own_shape(part: Entity) -> list[object]:
    return [part.type, *(own_shape(child) for child in part.children)]


def test_a_tree_has_marks_at_the_right_octets() -> None:
    source = (
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\none\r\n--a\r\n"
        b"Content-Type: text/html\r\n\r\ntwo\r\n\r\n--a--\r\nafter\r\n"
    )
    root = parse(source)
    assert [child.body_bytes for child in root.children] == [b"one", b"two\r\n"]
    assert root.find((2,)) is root.children[1]
    assert root.find((3,)) is None
    assert own_shape(root) == shape(message_from_bytes(source))


@given(st.lists(LINES, max_size=30), st.sampled_from([b"\r\n", b"\n"]))
def test_nothing_makes_it_fail_or_leave_the_message(lines: list[bytes], end: bytes) -> None:
    source = end.join(lines)
    for part in parse(source).walk():
        assert 0 <= part.start <= part.body <= part.end <= len(source)
        part.text()


def test_endless_nesting_ends() -> None:
    source = b"Content-Type: message/rfc822\r\n\r\n" * 1000
    assert sum(1 for _ in parse(source).walk()) < 100


def test_broken_encodings_are_read_as_far_as_they_go() -> None:
    header = b"Content-Type: text/plain; charset=nonsense\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert isinstance(parse(header + b"!!!!\r\n").text(), str)
