"""Meshform as it is installed: the program lies in this folder, found by nobody else (docs/adr/0080)."""
