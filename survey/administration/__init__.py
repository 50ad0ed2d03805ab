"""Accounts and roles, as the security administrator sees them."""
