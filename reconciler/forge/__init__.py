"""The forge: where people review changes. One small protocol, GitHub and GitLab; see protocol.py and here.py."""
