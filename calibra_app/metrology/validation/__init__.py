"""Worked examples that others published or computed, and what the engine makes of them."""
