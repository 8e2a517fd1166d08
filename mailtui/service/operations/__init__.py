"""Operations carried out on the server: one module for each kind."""
