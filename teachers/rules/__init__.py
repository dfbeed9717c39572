"""Pure rules of people and places; no Django."""
