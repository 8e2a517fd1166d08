"""The whole program in a terminal, against real servers, as a person uses it."""
