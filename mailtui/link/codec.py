"""Intents, events and troubles as JSON values, by the type hints of their classes.

Both ends have the same version of these classes (the handshake sees to it), so what does not fit
exactly is refused with a Garbled that never quotes a value.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import ModuleType, NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from mailtui.model import event as events
from mailtui.model import intent as intents
from mailtui.model import trouble as troubles
from mailtui.model.event import Event
from mailtui.model.intent import Intent
from mailtui.model.secret import Secret
from mailtui.model.trouble import Garbled, Trouble

_T = TypeVar("_T")
_Coder = Callable[[Any], Any]


def _kinds(module: ModuleType, base: type[_T]) -> dict[str, type[_T]]:
    return {
        name: kind
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, base) and kind is not base
    }


_INTENTS = _kinds(intents, Intent)
_EVENTS = _kinds(events, Event)
_TROUBLES = {**_kinds(troubles, Trouble), "Trouble": Trouble}


def encode(value: Intent | Event) -> dict[str, Any]:
    """`{"kind": class name, field: value, …}`. A Secret travels in clear: never log the result."""
    kind: Any = type(value)
    return {"kind": kind.__name__, **_encoder(kind)(value)}


def decode_intent(data: object) -> Intent:
    """Raises Garbled when it is no intent of this version."""
    return _decode(data, _INTENTS)


def decode_event(data: object) -> Event:
    """Raises Garbled when it is no event of this version."""
    return _decode(data, _EVENTS)


def encode_trouble(trouble: Trouble | None) -> dict[str, str] | None:
    """A trouble of a kind that only one room knows travels as the nearest kind of the model."""
    if trouble is None:
        return None
    kind = next(kind.__name__ for kind in type(trouble).__mro__ if _TROUBLES.get(kind.__name__) is kind)
    return {"kind": kind, "what": trouble.what, "advice": trouble.advice}


def decode_trouble(data: object) -> Trouble | None:
    """Raises Garbled when it is no trouble."""
    if data is None:
        return None
    if not isinstance(data, dict):
        raise Garbled("The link carried a trouble that is none.")
    kind, what, advice = data.get("kind"), data.get("what"), data.get("advice")
    if not (isinstance(kind, str) and isinstance(what, str) and isinstance(advice, str)):
        raise Garbled("The link carried a trouble that is none.")
    known: type[Trouble] = _TROUBLES.get(kind, Trouble)
    return known(what, advice)


def _decode(data: object, kinds: dict[str, type[_T]]) -> _T:
    if not isinstance(data, dict) or not isinstance(data.get("kind"), str):
        raise Garbled("The link carried something without a kind.")
    kind: Any = kinds.get(data["kind"])
    if kind is None:
        raise Garbled(f"The link carried the unknown kind {data['kind'][:40]!r}.")
    values = {name: value for name, value in data.items() if name != "kind"}
    decoded: _T = _decoder(kind)(values)
    return decoded


@cache
def _encoder(hint: Any) -> _Coder:
    """From a value of this type to what JSON can hold."""
    if hint is Secret:
        return Secret.reveal
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value: value.value
    if is_dataclass(hint):
        return _dataclass_encoder(hint)
    if get_origin(hint) is tuple:
        item = _encoder(_item_of(hint))
        return lambda value: [item(one) for one in value]
    if get_origin(hint) is UnionType:
        some = _encoder(_some_of(hint))
        return lambda value: None if value is None else some(value)
    if hint in (str, int, bool, float):
        return lambda value: value
    raise TypeError(f"the link can't carry {hint}")


def _dataclass_encoder(kind: Any) -> _Coder:
    hints = get_type_hints(kind)
    coders = [(field.name, _encoder(hints[field.name])) for field in fields(kind) if field.init]
    return lambda value: {name: coder(getattr(value, name)) for name, coder in coders}


@cache
def _decoder(hint: Any) -> _Coder:
    """The reverse, checking."""
    if hint is Secret:
        return lambda data: Secret(_checked(data, str))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda data: _member(hint, data)
    if is_dataclass(hint):
        return _dataclass_decoder(hint)
    if get_origin(hint) is tuple:
        item = _decoder(_item_of(hint))
        return lambda data: tuple(item(one) for one in _checked(data, list))
    if get_origin(hint) is UnionType:
        some = _decoder(_some_of(hint))
        return lambda data: None if data is None else some(data)
    if hint in (str, int, bool, float):
        return lambda data: _checked(data, hint)
    raise TypeError(f"the link can't carry {hint}")


def _dataclass_decoder(kind: Any) -> _Coder:
    hints = get_type_hints(kind)
    coders = {field.name: _decoder(hints[field.name]) for field in fields(kind) if field.init}

    def decode(data: object) -> object:
        values = _checked(data, dict)
        if not values.keys() <= coders.keys():
            raise Garbled(f"The link carried a {kind.__name__} with unknown fields.")
        try:
            return kind(**{name: coders[name](value) for name, value in values.items()})
        except TypeError as error:
            raise Garbled(f"The link carried a {kind.__name__} without all its fields.") from error

    return decode


def _item_of(hint: Any) -> Any:
    item, rest = get_args(hint)
    if rest is not Ellipsis:
        raise TypeError(f"the link can't carry {hint}")
    return item


def _some_of(hint: Any) -> Any:
    """X of `X | None`."""
    (some,) = (one for one in get_args(hint) if one is not NoneType)
    return some


def _member(kind: type[Enum], data: object) -> Enum:
    if isinstance(data, str | int) and not isinstance(data, bool):
        try:
            return kind(data)
        except ValueError as error:
            raise Garbled(f"The link carried no {kind.__name__}.") from error
    raise Garbled(f"The link carried no {kind.__name__}.")


def _checked(data: Any, kind: type[_T]) -> _T:
    if type(data) is not kind:
        raise Garbled(f"The link carried a {type(data).__name__} where a {kind.__name__} belongs.")
    checked: _T = data
    return checked
