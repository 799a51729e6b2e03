"""Measurements. `make bench` runs them and keeps the results under docs/performance/."""
