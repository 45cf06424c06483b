"""What the laboratory does, in the order in which it does it."""
