"""Figures of the day: what waits, what is late, how work flows, each with the list behind it."""
