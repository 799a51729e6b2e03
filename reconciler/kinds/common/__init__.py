"""What kinds of every service share: ownership, policy documents, the index of tagged resources."""
