"""The doors: HTTP requests in, answers out."""
