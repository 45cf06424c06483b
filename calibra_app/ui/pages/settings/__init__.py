"""The laboratory's settings: its face, particulars, numbers, workflow and limits."""
