"""The decision-rule explorer: figures in, zones, risks and the word of every rule out."""
