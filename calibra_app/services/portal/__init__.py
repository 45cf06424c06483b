"""The customer's own view of the laboratory: narrowed to one customer in every query."""
