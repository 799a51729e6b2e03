"""Kinds of Amazon SNS."""
