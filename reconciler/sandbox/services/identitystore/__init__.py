"""The identity store of IAM Identity Center: groups and users, and their ids."""

from reconciler.sandbox.services.identitystore.state import IdentityStore

State = IdentityStore
