"""Intents and events on a wire: a Unix socket, or in memory."""
