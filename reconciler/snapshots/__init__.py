"""Snapshots: what AWS has, as a file that can be kept, sent and asked later."""
