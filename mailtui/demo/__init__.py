"""Embedded servers and a sample mailbox for mailtui --demo. Stands alone."""
