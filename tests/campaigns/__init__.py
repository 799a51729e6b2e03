"""Campaigns: an apply is killed, stopped or lied to at each of its requests, and all is held to what was done."""
