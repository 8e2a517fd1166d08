"""A password or token that can't be shown by accident."""

from typing import Final, NoReturn


class Secret:
    """Holds a secret; only `reveal()` gives it back. Its repr, str and pickle never do."""

    __slots__ = ("_value",)
    _value: Final[str]

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled")
