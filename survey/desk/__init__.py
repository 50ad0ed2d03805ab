"""What an area's office does: the list of firms, claims, codes, assessors."""
