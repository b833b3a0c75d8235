"""What comes back other than as fields: printed, scanned, photographed, written over, wrapped.

`understanding` reads pages into values that say how they were obtained and how sure they are;
`geometry` tells it where everything stands on a print; `wrapped` opens what a file came in;
`transcription` makes the form the office fills with what a hand wrote, `typed` reads it back.
Opening foreign bytes (`understanding`, `wrapped`) belongs in the sandbox’s child process; the
others load neither OpenCV nor PDFium, and serve where cases are known.
"""
