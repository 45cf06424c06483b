"""Pages of the observation sheet."""
