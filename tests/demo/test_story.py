"""The sample mail is written as plain text; these are the rules of writing it."""

import pytest

from mailtui.demo import story
from mailtui.demo.correspondents import PEOPLE, person
from mailtui.demo.sample import STORIES


@pytest.mark.parametrize("name", [*STORIES, "life"])
def test_everyone_who_writes_is_known(name: str) -> None:
    threads = story.read(name)
    assert threads
    for thread in threads:
        assert thread.posts, thread.subject
        assert all(key in PEOPLE for key in thread.others)
        for post in thread.posts:
            assert person(post.by).address
            assert post.text.strip()


def test_threads_have_ids_of_their_own() -> None:
    ids = [thread.id for name in STORIES for thread in story.read(name)]
    assert len(ids) == len(set(ids))


def test_life_continues_threads_that_exist() -> None:
    ids = {thread.id for name in STORIES for thread in story.read(name)}
    continued = {thread.continues for thread in story.read("life")} - {""}
    assert continued
    assert continued <= ids


def test_marks_have_arguments() -> None:
    post = story.Post("ines", "1h", ("unread", "in INBOX", "attach pdf a b.pdf", "attach png c.png"), "Hello")
    assert post.argument("in") == "INBOX"
    assert post.argument("as") == ""
    assert post.arguments("attach") == ["pdf a b.pdf", "png c.png"]


def test_long_lines_are_wrapped_but_quotes_and_layout_are_kept() -> None:
    long = "word " * 30
    kept = f"> {long}\n  {long}"
    text = story.wrapped(f"{long}\n{kept}")
    assert text.endswith(kept)
    assert max(len(line) for line in text.split("\n")[:3]) <= 72


def test_someone_can_be_made_up_on_the_spot() -> None:
    made = person("Prize Office <win@lucky.example>")
    assert (made.name, made.domain) == ("Prize Office", "lucky.example")
    with pytest.raises(ValueError, match="nobody"):
        person("mallory")
