"""Figures of an area and of the city as charts and tables."""
