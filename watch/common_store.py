"""The store of originals: beside the database, or common to several machines and known by its mark.

A common store is mounted, and may be away. It then reads as an empty folder: what would be kept
there would be hidden once it is back, and what it holds would read as never kept.
"""

from pathlib import Path

from casefiles.originals import Originals
from watch.share.workspace import Workspace

MARK = "magasin-de-parchemin.txt"
_SAID = (
    "Ce dossier garde les originaux de Parchemin. Ce fichier dit qu’il est bien là :\n"
    "tant qu’on ne le voit pas, rien n’est rangé ici. Ne l’effacez pas.\n"
)


def originals_of(workspace: Workspace, folder: Path | None) -> Originals:
    """The originals of a space; `folder` is the common store its settings name, if they do.

    The first time, the store is given its mark, and the private side remembers that it was seen.
    OSError when it cannot be.
    """
    if folder is None:
        return Originals(workspace.originals)
    known = workspace.private / "magasin.txt"
    if not known.is_file() or known.read_text(encoding="utf-8") != str(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / MARK).write_text(_SAID, encoding="utf-8")
        known.write_text(str(folder), encoding="utf-8")
    return Originals(folder, MARK)
