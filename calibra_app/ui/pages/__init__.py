"""Pages: one file for each capability, a folder once it grows."""
