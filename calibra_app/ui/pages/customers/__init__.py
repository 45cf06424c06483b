"""Customers: the list, and one customer with contacts and what was agreed."""
