"""Instruments: the customers' registry, and one instrument beside the list."""
