"""Why somebody reads a column, or what is missing."""
