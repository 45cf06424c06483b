"""The pages of the customer portal."""
