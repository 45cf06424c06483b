"""The audit trail: who changed what, and whether its chain holds."""
