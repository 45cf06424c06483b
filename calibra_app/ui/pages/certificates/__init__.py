"""Certificates: those to authorize, those issued, and one of them as paper with its checks."""
