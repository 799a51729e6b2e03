"""From what AWS has to the documents that explain it: pure, but for the command that reads and writes."""
