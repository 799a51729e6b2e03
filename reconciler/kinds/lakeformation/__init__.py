"""Kinds of AWS Lake Formation."""
