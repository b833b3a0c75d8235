"""What an OF or a branch may replace: certifications, letters, fonts; the catalog finds them."""
