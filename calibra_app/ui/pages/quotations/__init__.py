"""Quotations: the register, and the editor of one with its revisions and answers."""
