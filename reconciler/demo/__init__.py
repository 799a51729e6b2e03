"""The whole story on the sandbox, told as it goes."""
