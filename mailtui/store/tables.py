"""The migrations, oldest first: each a tuple of statements. One that was released is never edited.

Ids of messages are `received << 20 | UID` (see ids.py), so that newest first is also id order.
"""

TABLES = (
    """
    CREATE TABLE account (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        own TEXT NOT NULL DEFAULT '[]'  -- the user's addresses there, JSON
    )""",
    # path, hidden: as shown. spath, raw: as the server has it, NULL while it has not.
    # beyond: unread messages that the server counts and the index has not reached. octets: of its
    # messages as the server has them. texts, text_octets, part_octets: what of them is kept here.
    """
    CREATE TABLE folder (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account INTEGER NOT NULL,
        path TEXT NOT NULL,
        hidden INTEGER NOT NULL DEFAULT 0,
        spath TEXT,
        raw BLOB,
        delimiter TEXT NOT NULL DEFAULT '',
        role TEXT,
        selectable INTEGER NOT NULL DEFAULT 1,
        total INTEGER NOT NULL DEFAULT 0,
        unread INTEGER NOT NULL DEFAULT 0,
        beyond INTEGER NOT NULL DEFAULT 0,
        octets INTEGER NOT NULL DEFAULT 0,
        texts INTEGER NOT NULL DEFAULT 0,
        text_octets INTEGER NOT NULL DEFAULT 0,
        part_octets INTEGER NOT NULL DEFAULT 0,
        uidvalidity INTEGER NOT NULL DEFAULT 0,
        uidnext INTEGER NOT NULL DEFAULT 0,
        highestmodseq INTEGER NOT NULL DEFAULT 0,
        exists_n INTEGER NOT NULL DEFAULT 0,
        low_uid INTEGER NOT NULL DEFAULT 0,
        complete INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX folder_account ON folder (account)",
    # folder, flags, keywords: as shown (folder NULL: nowhere). sfolder, uid, sflags, skeywords,
    # modseq: as the server has it (uid NULL: not known). missing: since when it is not known.
    # ident: a hash of what stays the same when a message moves.
    """
    CREATE TABLE message (
        id INTEGER PRIMARY KEY,
        account INTEGER NOT NULL,
        folder INTEGER,
        received INTEGER NOT NULL,
        flags INTEGER NOT NULL,
        keywords TEXT NOT NULL,
        pending INTEGER NOT NULL DEFAULT 0,
        sfolder INTEGER,
        uid INTEGER,
        sflags INTEGER NOT NULL,
        skeywords TEXT NOT NULL,
        modseq INTEGER NOT NULL DEFAULT 0,
        missing INTEGER NOT NULL DEFAULT 0,
        ident INTEGER NOT NULL,
        size INTEGER NOT NULL,
        attachments INTEGER NOT NULL,
        sender_name TEXT NOT NULL,
        sender_address TEXT NOT NULL,
        recipients TEXT NOT NULL,
        subject TEXT NOT NULL
    )""",
    "CREATE INDEX message_list ON message (folder, received DESC, id DESC)",
    "CREATE INDEX message_unread ON message (folder, received DESC, id DESC) WHERE flags & 1 = 0",
    "CREATE INDEX message_flagged ON message (folder, received DESC, id DESC) WHERE flags & 4 = 4",
    "CREATE UNIQUE INDEX message_uid ON message (sfolder, uid) WHERE uid IS NOT NULL",
    "CREATE INDEX message_ident ON message (ident)",
    "CREATE INDEX message_adrift ON message (account, ident) WHERE uid IS NULL OR folder IS NOT sfolder",
    # What is read only when a message is opened, kept out of the list's pages.
    """
    CREATE TABLE detail (
        message INTEGER PRIMARY KEY,
        header TEXT NOT NULL,             -- JSON, see rows.py
        coauthors TEXT NOT NULL,          -- further senders, as words
        people TEXT NOT NULL,             -- To and Cc, as words
        files TEXT NOT NULL,              -- names of attachments, as words
        structure BLOB NOT NULL,          -- BODYSTRUCTURE as it came
        tree TEXT NOT NULL DEFAULT '',    -- the same, parsed: JSON
        trouble TEXT NOT NULL DEFAULT ''
    )""",
    # used: when it was last looked at, or when the message came. whole: its attachments are here, too.
    """
    CREATE TABLE body (
        message INTEGER NOT NULL,
        html INTEGER NOT NULL,
        text TEXT NOT NULL,
        rest TEXT NOT NULL,  -- JSON
        size INTEGER NOT NULL,  -- octets of both
        used INTEGER NOT NULL,
        whole INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (message, html)
    )""",
    "CREATE INDEX body_used ON body (used)",
    """
    CREATE TABLE part (
        message INTEGER NOT NULL,
        section TEXT NOT NULL,
        path TEXT NOT NULL,
        size INTEGER NOT NULL,
        used INTEGER NOT NULL,
        PRIMARY KEY (message, section)
    )""",
    "CREATE INDEX part_used ON part (used)",
)

# Contentless: words.py knows what was put in, and takes the same out again. Without positions
# (detail=column) an index is built a third faster; phrases are checked on what was found.
WORDS = (
    """
    CREATE VIRTUAL TABLE search USING fts5 (
        subject, sender, recipients, body, files,
        content = '', columnsize = 0, detail = column,
        tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
    )""",
)

_MOST = 2**40  # octets of a message that are believed

COUNTERS = (
    f"""
    CREATE TRIGGER message_came AFTER INSERT ON message WHEN NEW.folder IS NOT NULL BEGIN
        UPDATE folder SET total = total + 1, unread = unread + (NEW.flags & 1 = 0),
            octets = octets + min(NEW.size, {_MOST}) WHERE id = NEW.folder;
    END""",
    f"""
    CREATE TRIGGER message_went AFTER DELETE ON message WHEN OLD.folder IS NOT NULL BEGIN
        UPDATE folder SET total = total - 1, unread = unread - (OLD.flags & 1 = 0),
            octets = octets - min(OLD.size, {_MOST}) WHERE id = OLD.folder;
    END""",
    f"""
    CREATE TRIGGER message_moved AFTER UPDATE OF folder, flags, size ON message
    WHEN OLD.folder IS NOT NEW.folder OR OLD.flags & 1 <> NEW.flags & 1 OR OLD.size <> NEW.size BEGIN
        UPDATE folder SET total = total - 1, unread = unread - (OLD.flags & 1 = 0),
            octets = octets - min(OLD.size, {_MOST}) WHERE id = OLD.folder;
        UPDATE folder SET total = total + 1, unread = unread + (NEW.flags & 1 = 0),
            octets = octets + min(NEW.size, {_MOST}) WHERE id = NEW.folder;
    END""",
)

# What is kept here goes where its message goes. Texts and parts are removed before their message is.
_OWN = "WHERE id = (SELECT folder FROM message WHERE id = {row}.message)"
_TEXTS = "texts = texts {sign} ({row}.html = 0), text_octets = text_octets {sign} {row}.size"
_PARTS = "part_octets = part_octets {sign} {row}.size"


def _counted(table: str, counters: str) -> tuple[str, ...]:
    def change(sign: str, row: str) -> str:
        return f"UPDATE folder SET {counters} {_OWN};".format(sign=sign, row=row)

    minus, plus = change("-", "OLD"), change("+", "NEW")
    return (
        f"CREATE TRIGGER {table}_came AFTER INSERT ON {table} BEGIN {plus} END",
        f"CREATE TRIGGER {table}_went AFTER DELETE ON {table} BEGIN {minus} END",
        f"CREATE TRIGGER {table}_grew AFTER UPDATE OF size ON {table} BEGIN {minus} {plus} END",
    )


_MOVED = """
    UPDATE folder SET
        texts = texts {sign} (SELECT count(*) FROM body WHERE message = NEW.id AND html = 0),
        text_octets = text_octets {sign} (SELECT coalesce(sum(size), 0) FROM body WHERE message = NEW.id),
        part_octets = part_octets {sign} (SELECT coalesce(sum(size), 0) FROM part WHERE message = NEW.id)
    WHERE id = {row}.folder;"""

KEPT = (
    *_counted("body", _TEXTS),
    *_counted("part", _PARTS),
    f"""
    CREATE TRIGGER kept_moved AFTER UPDATE OF folder ON message
    WHEN OLD.folder IS NOT NEW.folder AND (
        EXISTS (SELECT 1 FROM body WHERE message = NEW.id)
        OR EXISTS (SELECT 1 FROM part WHERE message = NEW.id)
    ) BEGIN {_MOVED.format(sign="-", row="OLD")} {_MOVED.format(sign="+", row="NEW")} END""",
)

CORRESPONDENTS = (
    """
    CREATE TABLE correspondent (
        id INTEGER PRIMARY KEY,
        address TEXT NOT NULL UNIQUE,  -- lower case
        shown TEXT NOT NULL,           -- the address as it was written
        name TEXT NOT NULL,
        written INTEGER NOT NULL,      -- how often the user wrote to it
        seen INTEGER NOT NULL,
        last INTEGER NOT NULL,
        words TEXT NOT NULL            -- " each word of name and address", lower case
    )""",
    "CREATE INDEX correspondent_rank ON correspondent (written DESC, seen DESC, last DESC)",
    """
    CREATE TABLE correspondent_word (
        word TEXT NOT NULL, correspondent INTEGER NOT NULL, PRIMARY KEY (word, correspondent)
    ) WITHOUT ROWID""",
)

JOURNAL = (
    # An intent that arrived. complete = 0: its steps are still being written (finished at start).
    """
    CREATE TABLE intent (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        tasks TEXT NOT NULL DEFAULT '',   -- JSON, what is left to be written down
        complete INTEGER NOT NULL,
        created INTEGER NOT NULL,
        undone TEXT NOT NULL DEFAULT '',  -- the intent that took it back
        refusal TEXT NOT NULL DEFAULT '', -- JSON [what, advice]
        folder INTEGER,                   -- intents on folders: which,
        origin TEXT NOT NULL DEFAULT '',  -- its path before
        path TEXT NOT NULL DEFAULT ''     -- and after, "" for deleted
    ) WITHOUT ROWID""",
    # What an intent really changed on a message as shown: what undo reverses.
    """
    CREATE TABLE step (
        intent TEXT NOT NULL,
        message INTEGER NOT NULL,
        adds INTEGER NOT NULL DEFAULT 0,
        removes INTEGER NOT NULL DEFAULT 0,
        add_keywords TEXT NOT NULL DEFAULT '',
        remove_keywords TEXT NOT NULL DEFAULT '',
        origin INTEGER,
        target INTEGER,
        twin INTEGER,
        PRIMARY KEY (intent, message)
    ) WITHOUT ROWID""",
    # What is to be done on the server. twin: the row of the copy that a COPY makes.
    """
    CREATE TABLE operation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account INTEGER NOT NULL,
        kind TEXT NOT NULL,
        intent TEXT NOT NULL,
        state TEXT NOT NULL,
        message INTEGER,
        source INTEGER,
        target INTEGER,
        twin INTEGER,
        uid INTEGER,
        uidvalidity INTEGER NOT NULL DEFAULT 0,
        adds INTEGER NOT NULL DEFAULT 0,
        removes INTEGER NOT NULL DEFAULT 0,
        add_keywords TEXT NOT NULL DEFAULT '',
        remove_keywords TEXT NOT NULL DEFAULT '',
        path TEXT NOT NULL DEFAULT '',
        draft TEXT NOT NULL DEFAULT '',
        probe TEXT NOT NULL DEFAULT '',
        attempts INTEGER NOT NULL DEFAULT 0,
        next_try INTEGER NOT NULL DEFAULT 0,
        trouble TEXT NOT NULL DEFAULT '',
        created INTEGER NOT NULL,
        finished INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX operation_state ON operation (account, state, id)",
    """
    CREATE INDEX operation_message ON operation (message, id)
    WHERE state IN ('queued', 'sent', 'parked')""",
    """
    CREATE INDEX operation_twin ON operation (twin)
    WHERE twin IS NOT NULL AND state IN ('queued', 'sent', 'parked')""",
    "CREATE INDEX operation_intent ON operation (intent)",
    "CREATE INDEX operation_draft ON operation (draft) WHERE draft <> ''",
    "CREATE INDEX operation_source ON operation (source, uid) WHERE uid IS NOT NULL",
)

OUTBOX = (
    """
    CREATE TABLE draft (
        id TEXT PRIMARY KEY, account TEXT NOT NULL, saved INTEGER NOT NULL, content TEXT NOT NULL
    )""",
    # What lies on the server of a draft: at most one copy per account that is not stale, and older
    # ones still to be removed. uid 0: not told, so look for the Message-ID. version: a hash of what
    # was put there; Message-ID and version are empty for a draft that another program put there.
    """
    CREATE TABLE draft_copy (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        draft TEXT NOT NULL,
        account TEXT NOT NULL,
        folder INTEGER NOT NULL,
        uidvalidity INTEGER NOT NULL,
        uid INTEGER NOT NULL,
        message_id TEXT NOT NULL,
        version TEXT NOT NULL,
        repeated INTEGER NOT NULL DEFAULT 0,  -- it was put there more than once, perhaps
        stale INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX draft_copy_draft ON draft_copy (draft)",
    "CREATE INDEX draft_copy_uid ON draft_copy (folder, uid)",
    # The frozen bytes are in `source`, or in the file `path` below the parts when they are many.
    """
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account TEXT NOT NULL,
        stage TEXT NOT NULL,
        subject TEXT NOT NULL,
        sender TEXT NOT NULL,
        recipients TEXT NOT NULL,  -- JSON
        refused TEXT NOT NULL DEFAULT '[]',
        message_id TEXT NOT NULL,
        not_before INTEGER NOT NULL,
        created INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        trouble TEXT NOT NULL DEFAULT '',
        draft TEXT NOT NULL DEFAULT '',
        intent TEXT NOT NULL UNIQUE,
        source BLOB,
        path TEXT NOT NULL DEFAULT '',
        later INTEGER NOT NULL DEFAULT 0,      -- when the user wants it to leave, 0: at once
        hand_over INTEGER NOT NULL DEFAULT 0,  -- from when a server may have it that holds it, 0: never
        held INTEGER NOT NULL DEFAULT 0,       -- until when the server holds it
        rest INTEGER NOT NULL DEFAULT 0,       -- to those who were refused first: its copy is filed
        finished INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX outbox_stage ON outbox (stage, not_before)",
    "CREATE INDEX outbox_draft ON outbox (draft) WHERE draft <> ''",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (*TABLES, *WORDS, *COUNTERS, *KEPT, *CORRESPONDENTS, *JOURNAL, *OUTBOX),
)

TABLE_NAMES = (
    "account",
    "folder",
    "message",
    "detail",
    "body",
    "part",
    "search_data",
    "correspondent",
    "correspondent_word",
    "intent",
    "step",
    "operation",
    "draft",
    "draft_copy",
    "outbox",
)
