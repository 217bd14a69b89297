"""How soon API processes notice changes of keys and sessions."""
