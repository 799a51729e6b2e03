"""Simulated Resource Access Manager: the shares that carry Lake Formation grants to other accounts."""

from reconciler.sandbox.services.ram.state import Ram

State = Ram
