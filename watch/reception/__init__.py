"""One claimed file becomes events: who sent what, and what we answer."""
