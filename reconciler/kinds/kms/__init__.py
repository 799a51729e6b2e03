"""Kinds of AWS KMS."""
