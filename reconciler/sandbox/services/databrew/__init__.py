"""AWS Glue DataBrew: runs of recipe jobs. Datasets, recipes and jobs themselves are moto's."""

from reconciler.sandbox.services.databrew.state import Runs

State = Runs
BESIDE_MOTO = True
