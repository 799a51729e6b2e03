"""Measures: how new the data are and how good their last quality run found them, and which promises that keeps."""
