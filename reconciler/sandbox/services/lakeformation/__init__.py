"""Simulated Lake Formation: grants, tags, filters, and what they let a principal see."""

from reconciler.sandbox.services.lakeformation.facade import LakeFormation

State = LakeFormation
