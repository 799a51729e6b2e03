"""Kinds of AWS Glue DataBrew."""
