"""Pure rules of learning; no Django."""
