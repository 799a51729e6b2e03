"""What people ask by names, and how AWS would answer it."""
