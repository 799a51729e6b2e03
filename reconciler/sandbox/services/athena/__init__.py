"""Amazon Athena: SQL over the objects of the simulated S3, with the reader's Lake Formation rights."""

from reconciler.sandbox.services.athena.state import Athena

State = Athena
