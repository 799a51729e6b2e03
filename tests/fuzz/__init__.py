"""Fuzz: whatever people, forges, AWS and other programs give us is read, or refused in a sentence."""
