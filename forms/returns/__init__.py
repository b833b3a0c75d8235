"""What comes back other than as fields: printed, scanned, photographed, written over, wrapped."""
