"""Mutants: what the tests of a room do not notice when one thing in its code is turned round."""
