"""One trial a file: what it makes in AWS, what it asks, and how it takes everything away again."""
