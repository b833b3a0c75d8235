"""One open step, one effect: what the office makes by itself."""
