"""Reference standards: the register, and one standard with certificates, points and drift."""
