"""Tables: what a laboratory keeps."""
