"""Procedures: the list, and one procedure with its revisions beside it."""
