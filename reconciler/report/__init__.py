"""One review, many voices."""
