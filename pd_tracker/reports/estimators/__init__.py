"""Pure numbers: counts and columns in, estimates with their uncertainty out; no database, no Django."""
