"""Kinds of AWS Glue."""
