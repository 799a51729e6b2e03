"""AWS Glue: the Data Catalog, crawlers, data quality and jobs."""

from reconciler.sandbox.glue.state import Glue

State = Glue
