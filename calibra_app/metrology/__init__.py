"""Measurement and its uncertainty: pure computation."""
