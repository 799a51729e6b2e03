"""New documents of a mesh: from answers, and from what a file of data tells."""
