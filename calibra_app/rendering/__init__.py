"""What a document looks like on paper."""
