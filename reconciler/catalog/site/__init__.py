"""The catalog as a static site: pages that work without a server, made from the documents of a mesh."""
