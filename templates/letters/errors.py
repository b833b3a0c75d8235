"""The refusal of a letter; it knows nothing else."""

from casefiles.errors import ParcheminError


class LetterError(ParcheminError):
    """A letter’s template that cannot be used; the message names the file and the culprit."""
