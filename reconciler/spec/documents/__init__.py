"""The kinds of document, one file each; registry.py finds them by folder."""
