"""Rules of saved exports and of files in a state's shape; no Django, no clock."""
