"""Hostile bytes in, safe readable text out; drafts into bytes. Pure."""
