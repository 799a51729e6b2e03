"""IAM Identity Center (sso-admin): the one instance of the organization."""
