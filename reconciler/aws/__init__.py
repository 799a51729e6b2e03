"""The only room with botocore: sessions, reads, writes, the lock."""
