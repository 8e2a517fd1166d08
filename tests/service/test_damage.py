"""A damaged local copy is made anew from the server; what only this machine had is kept."""

from pathlib import Path

from mailtui.model.draft import Draft
from mailtui.model.event import ServerSpoke
from mailtui.model.folder import Role
from mailtui.model.intent import SaveDraft
from tests.servers.dovecot import Dovecot, User
from tests.service.running import Running, account_of, message


async def test_it_is_fetched_anew_and_the_user_told(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(200)])
    account = account_of(dovecot, user)
    async with Running(tmp_path, account) as it:
        await it.do(SaveDraft(Draft("d1", "work", "alice@example.test", subject="Kept")))
        store = it.store
    octets = bytearray(store.read_bytes())
    for start in range(40_000, len(octets) - 4096, 20_000):
        octets[start : start + 512] = b"\xff" * 512
    store.write_bytes(octets)
    async with Running(tmp_path, account) as it:
        assert "damaged" in (await it.heard(ServerSpoke)).text
        assert it.role(Role.INBOX).total == 200
        assert len(it.read(lambda reader: reader.drafts())) <= 1
