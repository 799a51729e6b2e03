"""Reading text: files, YAML with line and column, what was parsed before."""
