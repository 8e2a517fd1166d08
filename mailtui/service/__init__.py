"""The account service: takes intents, makes the local copy and the servers agree, publishes events."""
