"""From two snapshots to a plan. Pure."""
