"""Quotations: price, offer, send, and what the customer answers."""
