"""Learning for programs, split by noun."""
