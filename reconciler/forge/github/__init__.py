"""GitHub, as far as a mesh repository needs it: comments, statuses, issues, pull requests, artifacts, branches."""
