"""What a tenant admin sets: the laboratory's particulars, its face, its numbers, its options."""
