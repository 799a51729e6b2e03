"""GitLab, as a forge: what its REST API says of merge requests, and how its jobs are known."""
