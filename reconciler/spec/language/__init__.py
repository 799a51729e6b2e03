"""The language as such: its fields, types, schemas, reference, formatter and messages."""
