"""The simulated services, one folder each, found by folder."""
