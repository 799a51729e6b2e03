"""Toys: a kind, a check, a gate and a command, each one file as CONTRIBUTING.md says. Nothing knows of them."""
