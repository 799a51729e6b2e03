"""Kinds of Amazon EventBridge."""
