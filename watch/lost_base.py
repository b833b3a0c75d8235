"""A database that was lost reads as one that has not begun yet.

Begun again over the same share, it would give the same numbers to other people, and their folders.
"""

from pathlib import Path

from sqlalchemy import Engine, select

from casefiles import store
from casefiles.errors import JournalDamaged


def must_not_be_lost(engine: Engine, copies: Path) -> None:
    """JournalDamaged when the journal has no event and there are copies of some."""
    with engine.connect().execution_options(reading=True) as connection:
        begun = connection.execute(select(store.events.c.id).limit(1)).first()
    if begun is None and next(copies.rglob("*.jsonl"), None) is not None:
        raise JournalDamaged(
            f"La base de cet espace est vide, et « {copies} » tient des copies de son journal : "
            "elle a été perdue, ou les réglages en nomment une autre.",
            "Rétablissez « base_de_donnees », ou refaites la base : « parchemin rebuild », "
            "« parchemin restore ».",
        )
