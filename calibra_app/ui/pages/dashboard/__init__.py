"""The dashboard: what waits, how work flows, what comes; each figure with its list."""
