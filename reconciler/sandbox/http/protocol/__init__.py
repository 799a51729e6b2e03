"""The wire forms of AWS: requests parsed and checked by botocore's models, answers rendered."""
