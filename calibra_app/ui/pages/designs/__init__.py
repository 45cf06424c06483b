"""The designer: a laboratory's own procedures, written and tried out without programming."""
