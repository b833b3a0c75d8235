"""A private file beside the one it is to replace: whole, or never there."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casefiles.errors import SigningError


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
