"""The words of the product as frozen dataclasses. Imports nothing of ours."""
