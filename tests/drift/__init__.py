"""What is told of drift, and what events tell of it."""
