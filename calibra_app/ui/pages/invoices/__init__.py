"""The pages of invoices."""
