"""A new mesh repository: documents, workflows, CODEOWNERS, editor settings."""
