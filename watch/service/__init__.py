"""The watcher process and the workers it hands jobs to."""
