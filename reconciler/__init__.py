"""Meshform: a declarative GitOps reconciler for data meshes on AWS."""

__version__ = "0.1.0"
