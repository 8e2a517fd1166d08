"""A day with mailtui: everything that a person does with their mail, on a real server."""

from tests.end_to_end.terminal import Terminal
from tests.end_to_end.world import World, letter

THIRTY = "<m30@example.test>"


def test_a_day(world: World) -> None:
    world.seed([letter(number) for number in range(1, 31)])
    terminal = world.open()
    terminal.wait_for(r"Number 30\b")
    terminal.wait_for("online")
    _reads(world, terminal)
    _replies(world, terminal)
    _archives_and_takes_back(world, terminal)
    _moves_a_selection(world, terminal)
    world.dovecot.append(world.user, "INBOX", letter(99, "Out of the blue").replace(b"\n", b"\r\n"))
    terminal.wait_for("Out of the blue")
    _quits(world, terminal)


def _reads(world: World, terminal: Terminal) -> None:
    """Opening shows the text, and marks it read."""
    terminal.press("enter")
    terminal.wait_for("This is the text of number 30")
    world.until(lambda: "\\Seen" in world.there("INBOX")[THIRTY], "the server has it as read")


def _replies(world: World, terminal: Terminal) -> None:
    """The reply leaves, is filed, and marks what it answers."""
    terminal.press("r")
    terminal.wait_for("> This is the text of number 30")
    terminal.type("Thank you, number 30.")
    terminal.press("esc")
    terminal.wait_for("Send this to 1 recipient")
    terminal.press("y")
    world.until(world.sent, "the reply left")
    (reply,) = world.sent()
    assert reply["Subject"] == "Re: Number 30"
    assert reply["In-Reply-To"] == THIRTY
    assert "Thank you, number 30." in reply.get_content()
    assert "> This is the text of number 30" in reply.get_content()
    world.until(lambda: world.there("Sent"), "a copy is filed")
    assert world.there("Sent") == {reply["Message-ID"]: {"\\Seen"}}
    world.until(lambda: "\\Answered" in world.there("INBOX")[THIRTY], "it is answered")


def _archives_and_takes_back(world: World, terminal: Terminal) -> None:
    terminal.wait_for(r"❯ .*Number 30\b")
    terminal.press("a")
    world.until(lambda: THIRTY in world.there("Archive"), "it is in the archive")
    terminal.press("u")
    world.until(lambda: THIRTY in world.there("INBOX"), "it is back")
    assert world.there("Archive") == {}


def _moves_a_selection(world: World, terminal: Terminal) -> None:
    terminal.press("2", "j", "x", "j", "x")
    terminal.wait_for("2 selected")
    terminal.press("s")
    terminal.type("trash")
    terminal.press("enter")
    world.until(lambda: len(world.there("Trash")) == 2, "two are moved")
    assert len(world.there("INBOX")) == 28


def _quits(world: World, terminal: Terminal) -> None:
    """The program ends at once, the service when it has nothing left to do, and both say goodbye."""
    terminal.press("Q")
    assert terminal.ended() == 0
    world.until(world.service_is_gone, "the service ended by itself")
    assert len(world.sent()) == 1
    ours = [each.client for each in world.dovecot.rawlog(world.user) if b"IDLE" in each.client]
    assert ours
    for said in ours:
        assert said.strip().upper().endswith(b"LOGOUT"), said[-200:]


def test_finding_a_message_in_another_folder(world: World) -> None:
    world.seed([letter(number) for number in range(1, 4)])
    world.seed([letter(7, "The blue heron", "It stood there for an hour.")], "Notes/Birds")
    terminal = world.open()
    terminal.wait_for(r"Number 3\b")
    terminal.wait_for("online")
    terminal.press("/")
    terminal.type("heron")
    terminal.wait_for("The blue heron")
    terminal.press("enter")
    terminal.settle()
    terminal.press("enter")
    terminal.wait_for("It stood there for an hour")
    terminal.press("Q")
    assert terminal.ended() == 0
