"""One transaction in one laboratory: the wall, the audit trail and the outbox."""
