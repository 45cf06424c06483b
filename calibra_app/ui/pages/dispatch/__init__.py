"""The page of dispatch."""
