"""Kinds of AWS Resource Access Manager."""
