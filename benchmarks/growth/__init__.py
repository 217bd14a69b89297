"""How cost grows with the amount of work: one line of a table for each figure, with its slope."""
