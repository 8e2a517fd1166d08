"""A day with mailtui: everything that a person does with their mail, on a real server."""

from tests.end_to_end.world import World, letter


def test_a_day(world: World) -> None:
    world.seed([letter(number) for number in range(1, 31)])
    terminal = world.open()
    terminal.wait_for(r"Number 30\b")
    terminal.wait_for("online")

    # open, which marks it read
    terminal.press("enter")
    terminal.wait_for("This is the text of number 30")
    world.until(lambda: "\\Seen" in world.there("INBOX")["<m30@example.test>"], "the server has it as read")

    # reply, which is filed and marks it answered
    terminal.press("r")
    terminal.wait_for("> This is the text of number 30")
    terminal.type("Thank you, number 30.")
    terminal.press("esc")
    terminal.wait_for("Send this to 1 recipient")
    terminal.press("y")
    world.until(world.sent, "the reply left")
    (reply,) = world.sent()
    assert reply["Subject"] == "Re: Number 30"
    assert reply["In-Reply-To"] == "<m30@example.test>"
    assert "Thank you, number 30." in reply.get_content()
    assert "> This is the text of number 30" in reply.get_content()
    world.until(lambda: world.there("Sent"), "a copy is filed")
    assert world.there("Sent") == {reply["Message-ID"]: {"\\Seen"}}
    world.until(lambda: "\\Answered" in world.there("INBOX")["<m30@example.test>"], "it is answered")

    # archive, and take it back
    terminal.wait_for(r"❯ .*Number 30\b")
    terminal.press("a")
    world.until(lambda: "<m30@example.test>" in world.there("Archive"), "it is in the archive")
    terminal.press("u")
    world.until(lambda: "<m30@example.test>" in world.there("INBOX"), "it is back")
    assert world.there("Archive") == {}

    # move two to the trash by a selection
    terminal.press("q", "j", "x", "j", "x")
    terminal.wait_for("2 selected")
    terminal.press("s")
    terminal.type("trash")
    terminal.press("enter")
    world.until(lambda: len(world.there("Trash")) == 2, "two are moved")
    assert len(world.there("INBOX")) == 28

    # see what another client brings
    world.dovecot.append(world.user, "INBOX", letter(99, "Out of the blue").replace(b"\n", b"\r\n"))
    terminal.wait_for("Out of the blue")
    assert len(world.sent()) == 1

    # quit
    terminal.press("Q")
    assert terminal.ended() == 0
    world.until(world.service_is_gone, "the service ended by itself")
    ends = [dialogue.client.strip().rsplit(b"\r\n", 1)[-1] for dialogue in world.dovecot.rawlog(world.user)]
    ours = [end for end in ends if end.upper().endswith(b"LOGOUT")]
    assert ours, ends
    assert "Logged out" in world.dovecot.log()


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
    if terminal.process.poll() is None:
        terminal.press("esc", "esc", "Q")
    assert terminal.ended() == 0
