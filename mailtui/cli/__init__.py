"""The command line: one file a command. Textual is imported only by the command that opens the screen."""
