"""One question a file; found by folder."""
