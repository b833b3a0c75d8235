"""`parchemin migrate`: the journal of a space moves to another database, event by event.

The events keep their hashes: the chains of the copy are walked, and every stream’s end compared,
before the settings name the new database. The old one stays where it was, under another name. Cut
short anywhere, it is asked for again with the same address.
"""

import json
import os
import re
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.exc import ProgrammingError

from casefiles import store, transcript
from casefiles.errors import JournalDamaged, SettingsError
from casefiles.journal import Journal
from casefiles.projection import Projection
from casefiles.system import sync_folder
from watch.office import Office, open_office
from watch.service.holder import hold
from watch.settings import load_settings
from watch.share.telling import counted
from watch.share.workspace import KEPT_ASIDE, Workspace, free_name

# The two ways TOML has of writing a line of text.
_TEXT = r""""(?:[^"\\\n]|\\.)*"|'[^'\n]*\'"""
_SETTING = re.compile(rf'^"?base_de_donnees"?\s*=\s*(?:{_TEXT})', re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What was moved; `kept` is the old SQLite file under its new name, None for another base."""

    streams: int
    events: int
    kept: Path | None


def migrate(workspace: Workspace, url: str, *, at: datetime) -> Moved:
    """Move the journal to the empty database at `url`; nobody may be watching the space.

    SpaceHeld when somebody is; SettingsError when the target is not empty or not there;
    JournalDamaged when the journal does not hold, or its copy does not: the settings are unchanged.
    """
    held = hold(workspace, at)
    try:
        office = open_office(workspace)
        if office.settings.database == url and workspace.journal_file.exists():
            return _moved(office.journal, _put_the_old_aside(office, workspace, at))
        office.journal.verify()
        target = _target(url, office.journal.engine)
        _copy(office.journal.engine, target)
        copy = Journal(target, Projection(office.certification_of), office.clock)
        copy.rebuild()
        copy.verify()
        if copy.positions() != office.journal.positions():
            raise JournalDamaged(
                "La copie du journal ne dit pas la même chose que l’original.",
                "Rien n’a changé ; videz la base de destination et recommencez.",
            )
        kept = _switch(office, workspace, url, at)
        return _moved(copy, kept)
    finally:
        held.release()


def _moved(journal: Journal, kept: Path | None) -> Moved:
    moved = Moved(streams=len(journal.positions()), events=_count(journal.engine), kept=kept)
    journal.engine.dispose()
    return moved


def _count(engine: Engine) -> int:
    with engine.connect().execution_options(reading=True) as connection:
        return connection.execute(select(func.count()).select_from(store.events)).scalar() or 0


def _target(url: str, source: Engine) -> Engine:
    try:
        engine = store.open_engine(url)
        events = _count(engine)
    except ProgrammingError as error:
        raise SettingsError(
            "Le compte de cette adresse n’a pas le droit de faire ses tables dans la base.",
            "Qu’elle soit à lui : « createdb --owner=parchemin … », ou « ALTER DATABASE … OWNER "
            "TO parchemin ».",
        ) from error
    except Exception as error:  # each database library has errors of its own
        raise SettingsError(
            "La base de destination ne s’ouvre pas.",
            "Vérifiez son adresse (« postgresql+psycopg://utilisateur@machine/base »), et qu’elle "
            "répond.",
        ) from error
    if events and not _unfinished(source, engine):
        raise SettingsError(
            f"La base de destination contient déjà {counted(events, 'événement')}.",
            "Donnez une base vide, pour cet espace seulement.",
        )
    return engine


def _unfinished(source: Engine, target: Engine) -> bool:
    """Whether the target holds what an earlier copy of this very journal left there, and no more.

    A journal of the other kind only: the same base may have two addresses.
    """
    if source.dialect.name == target.dialect.name:
        return False
    query = select(store.events.c.id, store.events.c.hash).order_by(store.events.c.id)
    with (
        source.connect().execution_options(reading=True) as ours,
        target.connect().execution_options(reading=True) as theirs,
    ):
        written = iter(ours.execute(query))
        return all(row == next(written, None) for row in theirs.execute(query))


def _copy(source: Engine, target: Engine) -> None:
    """Under the same ids, which the anchors count by; what the share shows goes along, so that
    nothing is published a second time."""
    with target.begin() as emptying:
        for table in reversed(store.metadata.sorted_tables):
            emptying.execute(delete(table))
    with source.connect().execution_options(reading=True) as reading:
        lines = chain(transcript.shown(reading), transcript.rows(reading))
        transcript.load(target, lines)


def _switch(office: Office, workspace: Workspace, url: str, at: datetime) -> Path | None:
    """Name the new database in the settings; put the old file aside."""
    text = workspace.settings_file.read_text(encoding="utf-8-sig")
    line = f"base_de_donnees = {json.dumps(url, ensure_ascii=False)}"
    edited, found = _SETTING.subn(lambda _: line, text, count=1)
    staged = workspace.settings_file.with_suffix(".tmp")
    staged.touch(mode=0o600)
    with staged.open("w", encoding="utf-8") as out:
        out.write(edited if found else f"{line}\n{text}")
        out.flush()
        os.fsync(out.fileno())
    _must_name(staged, url)
    staged.chmod(workspace.settings_file.stat().st_mode & 0o777)
    staged.replace(workspace.settings_file)
    sync_folder(workspace.private)
    office.journal.engine.dispose()
    if office.settings.database or not workspace.journal_file.exists():
        return None
    return _put_aside(workspace, at)


def _must_name(settings: Path, url: str) -> None:
    """SettingsError unless these settings are read, and name that database."""
    try:
        if load_settings(settings).database == url:
            return
    except SettingsError:
        pass
    settings.unlink()
    raise SettingsError(
        "Le journal est copié, mais « base_de_donnees » ne se laisse pas changer dans les réglages "
        "tels qu’ils sont écrits : ils restent comme ils étaient.",
        'Écrivez-y d’abord, seule sur sa ligne et avant toute section, base_de_donnees = "", puis '
        "recommencez.",
    )


def _put_the_old_aside(office: Office, workspace: Workspace, at: datetime) -> Path:
    """The same, where a death left it: it says nothing that the new database does not."""
    old = store.open_engine(store.sqlite_url(workspace.journal_file))
    said = _unfinished(office.journal.engine, old)
    # Closed, it is one file again: what a process that died had written beside it is in it.
    old.dispose()
    if not said:
        raise JournalDamaged(
            "L’ancienne base contient des événements que la nouvelle n’a pas, et les réglages "
            "nomment la nouvelle.",
            "Rien n’a changé. Si la bonne est l’ancienne, videz « base_de_donnees » dans les "
            "réglages et recommencez avec une base vide ; sinon, mettez l’ancienne de côté.",
        )
    return _put_aside(workspace, at)


def _put_aside(workspace: Workspace, at: datetime) -> Path:
    name = f"{KEPT_ASIDE}{at:%Y-%m-%d-%Hh%M}.sqlite"
    kept = workspace.journal_file.with_name(free_name(workspace.private, name))
    workspace.journal_file.rename(kept)
    return kept
