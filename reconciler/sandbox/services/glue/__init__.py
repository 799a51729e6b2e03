"""AWS Glue: the Data Catalog, crawlers, data quality and jobs."""

from reconciler.sandbox.services.glue.scheduler import wake
from reconciler.sandbox.services.glue.state import Glue

__all__ = ["State", "wake"]

State = Glue
