"""SMTP submission: a message goes out, a Delivery or a Trouble comes back (RFC 5321, RFC 6409)."""
