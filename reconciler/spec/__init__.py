"""The mesh language: YAML with line and column, documents, the Mesh, its checks and schemas."""
