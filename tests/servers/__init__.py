"""Throw-away servers for tests: a real Dovecot, a scripted IMAP server, a proxy that delays and cuts."""
