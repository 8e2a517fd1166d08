"""A person or list that mail comes from or goes to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """A display name and an addr-spec (RFC 5322 §3.4), both already decoded and safe to show."""

    name: str
    address: str

    @property
    def short(self) -> str:
        """What a list row shows: the name, else the address."""
        return self.name or self.address

    def __str__(self) -> str:
        if not self.name:
            return self.address
        quoted = self.name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{self.address}>' if needs_quotes(self.name) else f"{self.name} <{self.address}>"


def needs_quotes(name: str) -> bool:
    """Whether a display name has one of RFC 5322's specials and so must be quoted."""
    return any(character in '()<>[]:;@\\,."' for character in name)
