"""The world outside: files, mail, the embedded servers."""
