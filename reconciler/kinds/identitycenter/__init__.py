"""Kinds of IAM Identity Center: who is known there by name."""
