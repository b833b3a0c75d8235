"""Hypothesis without deadlines (shared machines are slow) nor a database of its own on disk."""

from hypothesis import settings

settings.register_profile("maison", deadline=None, database=None)
settings.load_profile("maison")
