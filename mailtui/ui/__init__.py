"""The screen: the only room with Textual and Rich. Reads the store, sends intents over the link."""
