"""The catalog: what data there are, what they mean, and who reads them."""
