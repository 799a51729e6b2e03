"""Tables from Open Data Contract Standard files."""
