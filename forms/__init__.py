"""Drawing and reading: every PDF page we make, and every form that comes back."""
