from mailtui.model.account import ConnectionState
from mailtui.model.event import (
    BodyArrived,
    ConnectionChanged,
    QueueChanged,
    SyncEnded,
    SyncProgressed,
)
from mailtui.ui.connections import Connection, Connections, Progress, farewell


def test_nothing_is_known_before_the_service_spoke() -> None:
    assert [one.state for one in Connections(("work", "home"))] == [None, None]


def test_state_queue_and_progress_are_gathered() -> None:
    all_ = Connections(("work",))
    assert all_.hear(ConnectionChanged("work", ConnectionState.SYNCING))
    assert all_.hear(QueueChanged("work", 3, 1))
    assert all_.hear(SyncProgressed("work", 7, 210, 900))
    one = all_.of("work")
    assert (one.state, one.waiting, one.parked) == (ConnectionState.SYNCING, 3, 1)
    assert one.progress == Progress(7, 210, 900)


def test_progress_ends_with_the_folder_the_sync_or_the_connection() -> None:
    all_ = Connections(("work",))
    for last in (
        SyncProgressed("work", 7, 900, 900),
        SyncEnded("work"),
        ConnectionChanged("work", ConnectionState.ONLINE),
    ):
        all_.hear(SyncProgressed("work", 7, 210, 900))
        all_.hear(last)
        assert all_.of("work").progress is None


def test_other_events_are_not_about_connections() -> None:
    assert not Connections(("work",)).hear(BodyArrived(1))


def test_with_the_service_lost_nothing_is_known_but_what_waits() -> None:
    all_ = Connections(("work",))
    all_.hear(ConnectionChanged("work", ConnectionState.ONLINE))
    all_.hear(QueueChanged("work", 3, 0))
    all_.lost()
    assert all_.of("work").state is None
    assert all_.of("work").waiting == 3


def test_at_the_end_it_is_said_what_waits_and_for_what() -> None:
    online, syncing = ConnectionState.ONLINE, ConnectionState.SYNCING
    assert farewell([Connection("work", online)]) == ""
    assert farewell([Connection("work", online, waiting=4)]) == (
        "4 changes wait; they are carried out in the background."
    )
    assert farewell([Connection("work", syncing, waiting=1), Connection("home", None, waiting=2)]) == (
        "1 change waits; it is carried out in the background.\n"
        "2 changes wait; they are carried out "
        "as soon as there is a connection and mailtui or its service runs."
    )
