"""The demo keeps what it promises to people who look at mailtui for the first time."""
