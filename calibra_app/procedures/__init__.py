"""Measurement procedures, one discipline a file: pure computation."""
