"""What the command line does: set up, start, test, migrate, fill; cli.py only names it."""
