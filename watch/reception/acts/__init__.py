"""The office’s acts, one module per thing they act on."""
