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
def working_copy(source: Path, target: Path) -> Iterator[Path]:
    """A private copy beside the target, gone if it has not been moved there."""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".signature-", suffix=".tmp")
        os.close(handle)
        copy = Path(name)
    except OSError as error:
        raise SigningError(
            f"« {target.parent} » n’accepte pas de nouveau fichier.", "Vérifiez ses droits."
        ) from error
    try:
        shutil.copyfile(source, copy)
        yield copy
    except OSError as error:
        raise SigningError(
            f"« {source.name} » n’a pas pu être copié pour signature.",
            "Vérifiez qu’il existe et que le disque n’est pas plein.",
        ) from error
    finally:
        copy.unlink(missing_ok=True)
