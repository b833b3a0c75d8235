"""Foreign bytes opened in a child process, under limits, without network."""
