"""Who is told of what happens to a product, and on which way the news goes."""
