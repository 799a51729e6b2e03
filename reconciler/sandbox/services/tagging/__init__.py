"""AWS Resource Groups Tagging API: which resources of an account carry which tags."""
