"""The local copy: the only room with SQL."""
