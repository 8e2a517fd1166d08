"""The service as a process: one per profile, as long as it is needed, gone in good order, and nothing
lost or done twice when it is killed at any moment."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from mailtui.config.writing import add_account
from mailtui.model.draft import Draft
from mailtui.model.event import LinkLost
from mailtui.model.folder import Role
from mailtui.model.intent import (
    ChangeFlags,
    SendDraft,
    ShowFolder,
    StopService,
)
from mailtui.model.message import Flag
from mailtui.model.trouble import Refused
from tests.servers.dovecot import Dovecot, User
from tests.servers.smtp import SmtpServer
from tests.service.profile import Profile, synchronised, until
from tests.service.running import account_of, flags_there, message, subjects_there


async def test_it_serves_two_fronts_and_ends_when_both_have_left(
    dovecot: Dovecot, user: User, profile: Profile
) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(1, 4)])
    (one, heard_one), (two, heard_two) = await asyncio.gather(profile.front(), profile.front())
    await asyncio.gather(synchronised(one, heard_one), synchronised(two, heard_two))
    with profile.reader() as reader:
        inbox = reader.role("work", Role.INBOX)
        assert inbox is not None
        first = reader.window(inbox.id, 1)[0]
    await one.submit(ShowFolder(inbox.id))
    await one.submit(ChangeFlags((first.id,), add=Flag.SEEN))
    await until(lambda: any(type(event).__name__ == "FolderChanged" for event in heard_two))
    await one.close()
    await synchronised(two, heard_two)
    await two.close()
    await profile.gone()
    ends = [text for text in dovecot.log().splitlines() if f"imap({user.name})" in text and "in=" in text]
    assert ends
    assert all("Logged out" in text for text in ends)
    assert not profile.paths.socket.exists()
    with dovecot.other_client(user) as other:
        assert "\\Seen" in flags_there(other, "INBOX")[first.subject]


async def test_a_message_in_the_outbox_goes_out_although_the_front_has_left(
    dovecot: Dovecot, user: User, smtp: SmtpServer, profile: Profile
) -> None:
    client, _ = await profile.front()
    draft = Draft("d1", "work", f"{user.name}@example.test", to="bob@example.test", subject="Late")
    assert (await client.submit(SendDraft(draft, delay=7))).refusal is None
    await client.close()
    await until(lambda: smtp.received)
    await profile.gone()
    with dovecot.other_client(user) as other:
        assert subjects_there(other, "Sent") == ["Late"]


async def test_the_terminal_going_away_does_not_end_it_but_sigterm_does(profile: Profile) -> None:
    client, heard = await profile.front()
    await synchronised(client, heard)
    os.kill(profile.pid, signal.SIGHUP)
    await synchronised(client, heard)
    await client.close()
    os.kill(profile.pid, signal.SIGTERM)
    await profile.gone(8)
    assert profile.started[-1].trouble() is not None or len(profile.started) == 1


async def test_a_second_one_steps_back(profile: Profile) -> None:
    client, _ = await profile.front()
    second = profile.start()
    await until(lambda: not second.running)
    assert second.trouble() is None
    await client.submit(StopService())
    await client.close()


async def test_wrong_settings_are_said_to_the_front(profile: Profile) -> None:
    profile.paths.settings.write_text('[accounts.work]\naddres = "a@b.example"\n')
    with pytest.raises(Refused) as caught:
        await profile.front()
    assert "addres" in str(caught.value)


async def test_changed_settings_are_read_for_the_next_front(
    dovecot: Dovecot, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, heard = await profile.front()
    await synchronised(first, heard)
    other = dovecot.new_user()
    monkeypatch.setenv("MAILTUI_PASSWORD_HOME", other.password)
    add_account(profile.paths.settings, account_of(dovecot, other, key="home"))
    second, heard_second = await profile.front()
    await until(lambda: LinkLost(restarted=True) in heard)
    await until(lambda: any(getattr(event, "account", "") == "home" for event in heard_second))
    await second.submit(StopService())
    await asyncio.gather(first.close(), second.close())


async def test_the_log_is_private_and_tells_no_secret(profile: Profile, user: User) -> None:
    client, heard = await profile.front()
    await synchronised(client, heard)
    await client.submit(StopService())
    await client.close()
    await profile.gone()
    log = profile.paths.log
    assert log.stat().st_mode & 0o077 == 0
    text = log.read_text()
    assert "Serving 1 accounts." in text
    assert user.password not in text


def test_it_starts_without_the_screen_and_its_libraries() -> None:
    code = (
        "import sys, mailtui.service.process;"
        "print({'textual', 'rich', 'keyring', 'html2text', 'selectolax'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
