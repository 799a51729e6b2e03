"""How two states compare: who gained and who lost what."""
