"""Tests of the import of living estates."""
