"""Policies: rules of governance in CEL, over documents, effective access, and what a change does to it."""
