"""What outlives a mishap, and what must not outlive its time: copies, backups, retention."""
