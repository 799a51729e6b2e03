"""What access is made of: permissions, columns, rows, and how they are joined. Knows no state."""
