"""AWS CloudTrail: the event history of an account. Trails and stores are not simulated."""
