"""AWS Glue: the Data Catalog, crawlers, data quality and jobs."""

from reconciler.sandbox.services.glue.state import Glue

State = Glue
