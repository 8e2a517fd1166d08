"""What a compose screen is opened for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class New:
    """A new message, perhaps as a `mailto:` link asks for it."""

    account: str | None = None
    mailto: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a message of the local copy, to its sender or to everybody."""

    message: int
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Forward:
    """A message passed on, in the text or as an attachment."""

    message: int
    attached: bool = False


@dataclass(frozen=True, slots=True)
class Resume:
    """A draft kept by the local copy goes on; `draft` is its id."""

    draft: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A draft that lies on the server, as a message of the Drafts folder, goes on."""

    message: int


Compose = New | Reply | Forward | Resume | Edit
