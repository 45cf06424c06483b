"""What the worker does after a commit."""
