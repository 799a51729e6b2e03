"""A crawl under way."""
