"""Who may do what: sessions, trust policies and identity policies of the simulated IAM."""
