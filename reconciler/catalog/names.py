"""What can be listed, by name. Apart from the lists themselves, so that the command line knows it without a mesh."""

KINDS = (
    "accounts",
    "columns",
    "consumers",
    "domains",
    "products",
    "subscriptions",
    "tables",
    "tags",
    "teams",
)
