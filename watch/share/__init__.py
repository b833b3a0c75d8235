"""The shared folder: its places, what is published there, in what words."""
