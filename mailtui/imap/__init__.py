"""IMAP: connections and dialogue in, model values out (RFC 3501, RFC 9051 and extensions).

`connection.Connection.open` signs in; every verb is a function of its own module that takes the
connection: folders, selecting, index, flags, content, searching, moving, appending, managing, watching.
"""
