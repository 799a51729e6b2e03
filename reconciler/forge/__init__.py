"""The forge: where people review changes. One small protocol, GitHub as its first; see protocol.py and here.py."""
