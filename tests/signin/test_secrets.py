"""A password comes from the command, the environment, the keyring or the user, in this order."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from mailtui.model.secret import Secret
from mailtui.model.trouble import NoSecret, NotKept
from mailtui.signin.keyrings import ALLOWED, Keyring
from mailtui.signin.secrets import can_remember, forget, remember, secret_for, variable
from tests.signin.stub_keyrings import Working

STUBS = "tests.signin.stub_keyrings."
WORKING = Keyring([STUBS + "Working"])
NONE = Keyring([])


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    Working.kept.clear()
    yield
    Working.kept.clear()


def account(*command: str, key: str = "work") -> Account:
    server = Server("imap.example.org", 993, Security.TLS, "alice")
    return Account(key, Address("", "alice@example.org"), server, password_cmd=command)


def test_the_command_comes_first() -> None:
    given = {variable(account()): "from the environment"}
    remember(account(), Secret("from the keyring"), keyring=WORKING)
    asked = secret_for(account("echo", "from the command"), environment=given, keyring=WORKING)
    assert asked.reveal() == "from the command"
    assert secret_for(account(), environment=given, keyring=WORKING).reveal() == "from the environment"
    assert secret_for(account(), environment={}, keyring=WORKING).reveal() == "from the keyring"


def test_the_user_is_asked_last_and_told_why() -> None:
    reasons = []

    def ask(account: Account, reason: str) -> Secret:
        reasons.append(reason)
        return Secret("typed")

    assert secret_for(account(), environment={}, keyring=NONE, ask=ask).reveal() == "typed"
    assert secret_for(account(), environment={}, keyring=WORKING, ask=ask).reveal() == "typed"
    assert secret_for(account("false"), environment={}, keyring=WORKING, ask=ask).reveal() == "typed"
    assert "No password is kept" in reasons[0], "having no keyring is no trouble"
    assert "No password is kept" in reasons[1]
    assert "exit status 1" in reasons[2]


def test_a_password_that_is_nowhere_kept_is_told_from_one_that_can_not_be_had() -> None:
    for keyring in (NONE, WORKING):
        with pytest.raises(NotKept):
            secret_for(account(), environment={}, keyring=keyring)
    with pytest.raises(NoSecret) as failed:
        secret_for(account("false"), environment={}, keyring=WORKING)
    assert not isinstance(failed.value, NotKept)
    assert can_remember(keyring=WORKING)
    assert not can_remember(keyring=NONE)


def test_a_user_who_gives_nothing_leaves_no_secret() -> None:
    with pytest.raises(NoSecret):
        secret_for(account(), environment={}, keyring=NONE, ask=lambda account, reason: None)


def test_a_failing_command_is_not_passed_over_for_the_keyring() -> None:
    remember(account(), Secret("old"), keyring=WORKING)
    with pytest.raises(NoSecret, match="password_cmd"):
        secret_for(account("false"), environment={}, keyring=WORKING)


def test_forgetting_is_harmless_when_nothing_is_kept() -> None:
    remember(account(), Secret("x"), keyring=WORKING)
    forget(account(), keyring=WORKING)
    forget(account(), keyring=WORKING)
    forget(account(), keyring=NONE)
    assert WORKING.get(account()) is None


def test_the_variable_is_one_that_a_shell_can_set() -> None:
    assert variable(account(key="work.new-2")) == "MAILTUI_PASSWORD_WORK_NEW_2"


def test_the_best_usable_backend_is_chosen() -> None:
    keyring = Keyring([STUBS + name for name in ("Unusable", "Missing", "Working", "Preferred")])
    keyring.put(account(), Secret("x"))
    assert not Working.kept


@pytest.mark.parametrize("name", ["Locked", "Waiting"])
def test_a_keyring_that_does_not_open_is_a_reason_to_ask(name: str) -> None:
    keyring = Keyring([STUBS + name], limit=0.2)
    with pytest.raises(NoSecret, match="keyring"):
        secret_for(account(), environment={}, keyring=keyring)
    assert keyring.usable()


def test_what_a_keyring_complains_never_quotes_the_password() -> None:
    with pytest.raises(NoSecret) as raised:
        remember(account(), Secret("canary-51b2"), keyring=Keyring([STUBS + "Locked"]))
    assert "canary" not in str(raised.value) + repr(raised.value.__context__)


def test_no_plaintext_backend_is_ever_asked() -> None:
    for word in ("plaintext", "alt", "null", "fail", "chainer", "file"):
        assert not [name for name in ALLOWED if word in name.lower().split(".")]


def test_the_users_choice_of_a_plaintext_backend_is_not_followed(tmp_path: object) -> None:
    """keyring itself would follow PYTHON_KEYRING_BACKEND to anything."""
    code = (
        "from mailtui.signin.keyrings import Keyring, NoKeyring\n"
        "try: print(type(Keyring()._backend()).__module__)\n"
        "except NoKeyring: print('none')"
    )
    env = {
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "HOME": str(tmp_path),
        "PATH": "/usr/bin",
    }
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "none" or run.stdout.strip() in {name.rpartition(".")[0] for name in ALLOWED}
