"""The only room with boto3: sessions, reads, writes, the lock."""
