"""Kinds of Amazon Athena."""
