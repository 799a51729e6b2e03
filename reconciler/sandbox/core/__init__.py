"""The simulated world: its state, clock, faults, and how services are declared and found."""
