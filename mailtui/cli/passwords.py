"""A command's answer to the service that wants a password: the user's word, where there is a user."""

import asyncio

from mailtui.cli.asking import ask_password, can_ask
from mailtui.cli.front import Front
from mailtui.cli.printing import complain
from mailtui.config.settings import Settings
from mailtui.model.event import PasswordWanted
from mailtui.model.intent import GivePassword
from mailtui.model.trouble import SignInRefused


async def answer(front: Front, wanted: PasswordWanted, settings: Settings) -> bool:
    """Ask for the password on the terminal and hand it over; False when nobody answers."""
    if not can_ask():
        return False
    if wanted.reason:
        complain(wanted.reason)
    whose = next(one.address.address for one in settings.accounts if one.key == wanted.account)
    secret = await asyncio.to_thread(ask_password, whose)
    if secret:
        await front.submit(GivePassword(wanted.account, secret))
    return bool(secret)


def no_password(wanted: PasswordWanted) -> SignInRefused:
    """What a command says when it could not be answered."""
    advice = "Set password_cmd in the settings, or run it in a terminal."
    return SignInRefused(wanted.reason or "A password is needed.", advice)
