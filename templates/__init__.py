"""What an OF or a branch may replace: certifications, letters, fonts, and the catalog to find them."""
