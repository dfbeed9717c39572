"""Row sets of saved exports and their runs."""
