"""A table's objects in the simulated S3, read as Athena reads each format: by place, by name or by field id."""
