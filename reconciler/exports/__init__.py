"""Products, subscriptions and lineage in the words of open standards, for the tools of others."""
