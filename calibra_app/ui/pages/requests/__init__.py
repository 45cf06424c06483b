"""Requests: the register, a new one with guided intake, and one with its lines and timeline."""
