"""The answers: one pydantic model per form, and the vocabulary their annotations are made of."""
