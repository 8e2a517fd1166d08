"""The room that speaks IMAP, against a real Dovecot, a poor one, and a server that misbehaves."""
