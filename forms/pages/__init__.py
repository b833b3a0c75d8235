"""The pages we hand over: one module per document, each a function from facts to a finished PDF."""
