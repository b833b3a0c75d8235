"""What comes back other than as fields: printed, scanned, photographed, written over, wrapped.

`understand` reads pages into values that say how they were obtained and how sure they are;
`layout_of` tells it where everything stands on a print; `unwrap` opens what a file came in.
"""
