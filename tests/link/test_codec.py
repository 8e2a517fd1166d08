"""Values on the wire come back as they were; what does not fit is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.link.codec import (
    decode_event,
    decode_intent,
    decode_trouble,
    encode,
    encode_trouble,
)
from mailtui.model import event as events
from mailtui.model import intent as intents
from mailtui.model import trouble as troubles
from mailtui.model.account import ConnectionState
from mailtui.model.event import Event
from mailtui.model.intent import ChangeFlags, GivePassword, Intent, MoveMessages
from mailtui.model.message import Flag
from mailtui.model.secret import Secret
from mailtui.model.trouble import Garbled, Refused, SignInRefused, Trouble


def kinds(module: Any, base: type) -> list[type]:
    return [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, base) and kind is not base
    ]


st.register_type_strategy(Flag, st.integers(0, 31).map(Flag))
st.register_type_strategy(Secret, st.builds(Secret, st.text()))
intent_values = st.one_of([st.from_type(kind) for kind in kinds(intents, Intent)])
event_values = st.one_of([st.from_type(kind) for kind in kinds(events, Event)])


@given(intent_values)
def test_every_intent_comes_back_as_it_was(intent: Intent) -> None:
    assert decode_intent(json.loads(json.dumps(encode(intent)))) == intent


@given(event_values)
def test_every_event_comes_back_as_it_was(event: Event) -> None:
    assert decode_event(json.loads(json.dumps(encode(event)))) == event


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "StopService",
        {},
        {"kind": 7},
        {"kind": "Exec"},
        {"kind": "FolderChanged", "folder": 1},
        {"kind": "Intent"},
        {"kind": "MoveMessages", "messages": [1], "folder": "1"},
        {"kind": "MoveMessages", "messages": [True], "folder": 1},
        {"kind": "MoveMessages", "messages": [1]},
        {"kind": "MoveMessages", "messages": [1], "folder": 1, "more": 1},
        {"kind": "MoveMessages", "messages": 1, "folder": 1},
        {"kind": "GivePassword", "account": "a", "password": None},
        {"kind": "SaveDraft", "draft": {"id": "x"}},
    ],
)
def test_what_is_no_intent_of_ours_is_refused(data: object) -> None:
    with pytest.raises(Garbled):
        decode_intent(data)


def test_unknown_members_are_refused() -> None:
    good = encode(events.ConnectionChanged("a", ConnectionState.ONLINE))
    assert decode_event(good)
    with pytest.raises(Garbled):
        decode_event({**good, "state": "elsewhere"})
    with pytest.raises(Garbled):
        decode_event({**good, "state": []})


def test_a_refusal_never_quotes_a_secret() -> None:
    data = encode(GivePassword("a", Secret("canary")))
    data["password"] = ["canary"]
    with pytest.raises(Garbled) as caught:
        decode_intent(data)
    assert "canary" not in str(caught.value)


def test_flags_travel_as_bits() -> None:
    data = encode(ChangeFlags((1,), add=Flag.SEEN | Flag.FLAGGED))
    assert data["add"] == 5
    assert encode(MoveMessages((3, 4), 2)) == {"kind": "MoveMessages", "messages": [3, 4], "folder": 2}


@pytest.mark.parametrize("kind", [Trouble, *kinds(troubles, Trouble)])
def test_troubles_keep_their_kind(kind: type[Trouble]) -> None:
    found = decode_trouble(json.loads(json.dumps(encode_trouble(kind("It is so.", "Do this.")))))
    assert found is not None
    assert type(found) is kind
    assert (found.what, found.advice) == ("It is so.", "Do this.")


def test_a_trouble_of_one_room_travels_as_the_nearest_kind() -> None:
    class Overquota(Refused):
        pass

    found = decode_trouble(encode_trouble(Overquota("Full.")))
    assert type(found) is Refused
    assert encode_trouble(None) is None
    assert decode_trouble(None) is None


@pytest.mark.parametrize("data", ["x", {"kind": "Refused"}, {"kind": 1, "what": "", "advice": ""}])
def test_a_trouble_that_is_none_is_refused(data: object) -> None:
    with pytest.raises(Garbled):
        decode_trouble(data)
    assert isinstance(decode_trouble({"kind": "Newer", "what": "x", "advice": ""}), Trouble)
    assert isinstance(decode_trouble({"kind": "SignInRefused", "what": "x", "advice": ""}), SignInRefused)
