"""Doors of the people side."""
