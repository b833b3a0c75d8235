"""Keys, signatures, verdicts, seals and packs; knows files and certificates, never cases."""
