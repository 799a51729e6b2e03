"""Who may do what: sessions, trust policies and identity policies of the simulated IAM."""

#: Users, roles and policies themselves are moto's.
BESIDE_MOTO = True
