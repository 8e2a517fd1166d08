"""Where a secret comes from: a command, the environment, the keyring."""
