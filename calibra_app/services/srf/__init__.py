"""Requests: their states and transitions, what opens each, and the records they leave."""
