"""A busy moment for the activity screen: everything that can be in it."""

from mailtui.model.account import ConnectionState
from mailtui.model.activity import ConnectionSeen, JobSeen, TroubleSeen
from mailtui.model.draft import Draft, Stage
from mailtui.model.event import ActivityReported, ConnectionChanged, Event
from mailtui.model.intent import ArchiveMessages, ChangeFlags, MoveMessages
from mailtui.model.message import Flag
from mailtui.model.operation import OperationState
from mailtui.model.trouble import ServerBusy
from tests.ui.mailbox import NOW, Recorder


def reports(recorder: Recorder) -> tuple[ActivityReported, ActivityReported]:
    """Of both accounts."""
    folders, messages = recorder.mailbox.folders, recorder.mailbox.messages
    host = "imap.example.org:993"
    inbox, lists = folders["work/INBOX"], folders["work/Lists/python-dev"]
    work = ActivityReported(
        "work",
        (
            ConnectionSeen("interactive", host, NOW - 4000, "TLSv1.3", True, inbox),
            ConnectionSeen("background", host, NOW - 4010, "TLSv1.3", True, lists, "reading the index"),
            ConnectionSeen("bulk", host, NOW - 30, "TLSv1.3", True, inbox, "fetching an attachment"),
        ),
        (
            JobSeen(7, "reading the index", "background", True, lists, None, 210, 900),
            JobSeen(
                9,
                "fetching an attachment",
                "bulk",
                True,
                None,
                messages["Release notes, second draft"],
                1_300_000,
                2_900_000,
                True,
            ),
            JobSeen(11, "looking for changes", "background", False, folders["work/Archive"]),
            JobSeen(12, "searching on the server", "bulk", False, stoppable=True),
        ),
    )
    trouble = "imap.home.example does not answer."
    advice = "Look at your network; it will be tried again."
    home = ActivityReported(
        "home",
        troubles=(
            TroubleSeen(NOW - 40, trouble, advice, 3),
            TroubleSeen(NOW - 90_000, "The server has no room left for “Photos”.", "Delete something there."),
        ),
        next_try=NOW + 80,
    )
    return work, home


async def begin(recorder: Recorder) -> None:
    """Have the recorder tell of it, with wishes and letters that wait."""
    messages, folders = recorder.mailbox.messages, recorder.mailbox.folders
    moved = tuple(messages[f"Minutes of week {week}"] for week in (40, 39, 38))
    await recorder.handle("w1", ArchiveMessages(moved))
    await recorder.handle("w2", ChangeFlags((messages["Invoice 4242"],), add=Flag.FLAGGED))
    await recorder.handle("w3", MoveMessages((messages["Lunch on Thursday?"],), folders["work/Receipts"]))
    await recorder.handle("w4", ChangeFlags((messages["Dinner on Sunday"],), add=Flag.SEEN))
    found = {one.message: one for one in recorder.journal.next("work", NOW)}
    one = found[messages["Lunch on Thursday?"]]
    (sent,) = recorder.journal.sent([one], "")
    assert sent.state is OperationState.SENT
    recorder.journal.park(sent, ServerBusy("The folder is in use by another program.", "Try again later."))
    for subject, stage in (("Agenda for Monday", Stage.QUEUED), ("Re: Invoice 4242", Stage.UNKNOWN)):
        item = recorder.outbox.queue(
            f"send-{subject}",
            account="work",
            source=b"x",
            sender="kim@example.org",
            recipients=["ana@example.com", "team@example.org"],
            subject=subject,
            message_id=f"<{len(subject)}@example.org>",
            not_before=NOW + 3600,
            draft=Draft(f"draft-{subject}", "work", "kim@example.org", subject=subject),
        )
        if stage is Stage.UNKNOWN:
            recorder.outbox.stage(item.id, Stage.SENDING)
            recorder.outbox.stage(item.id, stage, trouble="The connection was lost at the last moment.")
    recorder.activity.update({report.account: report for report in reports(recorder)})


def states() -> tuple[Event, ...]:
    return (
        ConnectionChanged("work", ConnectionState.SYNCING),
        ConnectionChanged("home", ConnectionState.OFFLINE, "imap.home.example does not answer."),
    )
