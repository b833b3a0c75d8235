"""Adding to a PDF without touching what it holds: the writer, and the private copy it works on."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from casefiles.errors import SigningError


class AsIs(IncrementalPdfFileWriter):
    """A writer that adds its increment and leaves information and XMP to their author."""

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
