"""Who reaches what: grants, shares, opt-ins and IAM, brought to a verdict for each pair."""
