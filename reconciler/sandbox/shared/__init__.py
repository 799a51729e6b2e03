"""What several simulated services share."""
