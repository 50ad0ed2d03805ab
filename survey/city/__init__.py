"""What the city arranges: areas, its own industries."""
