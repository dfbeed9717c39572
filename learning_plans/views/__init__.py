"""Doors of the learning side."""
