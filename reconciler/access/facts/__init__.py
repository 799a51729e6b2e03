"""Access as flat records: the only thing that reports, gates and policies see of it."""
