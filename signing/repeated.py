"""Whether a file says two things at once: a dictionary that gives one key twice.

Some readers keep the first value, others the last: the page that was signed is not the same page
for all. Nobody can say which of the two was signed; it verifies no signature.
"""

import io

import pikepdf

from signing.opening import Source

SAID = "une même clé y est dite deux fois : deux lecteurs n’y montrent pas la même chose"
_WARNS = "duplicated key"


def keys(source: Source) -> bool:
    """Whether an object in force repeats a key; False too for what this reader cannot open."""
    try:
        with pikepdf.open(io.BytesIO(source) if isinstance(source, bytes) else source) as pdf:
            for _ in pdf.objects:  # each is parsed as it is looked at
                continue
            return any(_WARNS in str(told) for told in pdf.get_warnings())
    except Exception:  # hostile bytes raise anything; the other reader has its own say
        return False
