"""What comes in: files seen, settled, claimed; one room that opens none of them."""
