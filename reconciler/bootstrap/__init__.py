"""CloudFormation for what Meshform itself needs in each account: its roles, and a key for notices."""
