"""Drift: what in AWS is not as the mesh says, since when and by whom; what events tell of it. Pure."""
