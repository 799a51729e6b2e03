"""What is there: a snapshot arranged for questions about access."""
