"""IMAP: connections and dialogue in, model values out (RFC 3501, RFC 9051 and extensions)."""
