"""Exports that were given a name: saved, made by themselves, and handed to those entitled."""
