"""Adding to a PDF without touching what it holds: the writer, and the private copy it works on."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from casefiles.errors import SigningError


class AsIs(IncrementalPdfFileWriter):
    """A writer that adds its increment and leaves information and XMP to their author.

    Its objects are numbered on from the last one. pyHanko leaves a number out each time, and
    LibreOffice, which counts objects to find a free number, then writes over a signature.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if not self._holds(self._lastobj_id):
            self._lastobj_id -= 1

    def _holds(self, number: int) -> bool:
        try:
            self.prev.xrefs.get_last_change(Reference(number, 0, self.prev))
        except KeyError:
            return False
        return True

    def _update_meta(self) -> None:
        return


@contextmanager
def draft_beside(target: Path) -> Iterator[Path]:
    """A private empty file in the target's folder, gone if it has not been moved to the target."""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".parchemin-", suffix=".tmp")
        os.close(handle)
    except OSError as error:
        raise SigningError(
            f"« {target.parent} » n’accepte pas de nouveau fichier.", "Vérifiez ses droits."
        ) from error
    draft = Path(name)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def working_copy(source: Path, target: Path) -> Iterator[Path]:
    """A private copy of `source` beside the target, gone if it has not been moved there."""
    with draft_beside(target) as draft:
        try:
            shutil.copyfile(source, draft)
        except OSError as error:
            raise SigningError(
                f"« {source.name} » n’a pas pu être copié pour signature.",
                "Vérifiez qu’il existe et que le disque n’est pas plein.",
            ) from error
        yield draft
