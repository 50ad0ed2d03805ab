"""Service providers and their people."""
