"""What of our assumptions about AWS holds in the accounts of a mesh: asked there, by reading or by a small trial."""
