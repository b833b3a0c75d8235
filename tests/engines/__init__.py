"""Engines that are not ours: what fills, re-saves and prints a PDF outside this house.

Nothing here imports the project: these modules know PDF files and outside programs only.
"""
