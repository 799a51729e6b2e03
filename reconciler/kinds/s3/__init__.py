"""Kinds of Amazon S3."""
