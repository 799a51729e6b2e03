"""What was asked for, approved, applied and changed: read from git, the journal and kept snapshots."""
