"""What comes back other than as fields: printed, scanned, photographed, written over, wrapped.

`understand` reads pages into values that say how they were obtained and how sure they are;
`layout_of` tells it where everything stands on a print; `unwrap` opens what a file came in;
`transcription` makes the form the office fills with what a hand wrote. Opening foreign bytes
(`understand`, `unwrap`) belongs in the sandbox’s child process; `preload` warms its parent.
"""

from forms.returns.geometry import Layout, layout_of
from forms.returns.ink import written_over
from forms.returns.outcome import Crop, Doubt, PrintReturned, Returned, ValueRead
from forms.returns.transcription import transcription
from forms.returns.typed import Transcribed, transcribed
from forms.returns.understanding import preload, understand
from forms.returns.wrapped import Bounds, Piece, is_wrapped, unwrap

__all__ = [
    "Bounds",
    "Crop",
    "Doubt",
    "Layout",
    "Piece",
    "PrintReturned",
    "Returned",
    "Transcribed",
    "ValueRead",
    "is_wrapped",
    "layout_of",
    "preload",
    "transcribed",
    "transcription",
    "understand",
    "unwrap",
    "written_over",
]
