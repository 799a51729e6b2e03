"""AWS STS: who calls, and roles to act as."""
