"""TABLEAU.html: the cases by who must act and for how long, and the next juries. One file, no
server, readable offline and on paper; regenerated from the journal’s lists, whose first lines are
shown and the length told: a page people can read costs the same however many cases there are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any

from casefiles.journal import Journal
from casefiles.lists import AWAITED, ENDED, SESSIONS
from casefiles.projection import DELIBERATED
from forms.typography import french
from watch.office import Office
from watch.share.publication import digest, digest_of, make_way, publish
from watch.share.strays import WHAT_TO_DO, WHERE, Strays
from watch.share.telling import day, moment
from watch.share.unfiled import unfiled

STREAM = "tableau"

# How many lines are shown of a list, of all lists, and of what is over: the page is drawn again
# for every drop.
PAGE, WHOLE, LATEST = 500, 1_000, 50
_ALL = "« parchemin status » les dit tous."
NOBODY, OVER = "Personne : en cours ici", "Terminés et abandonnés"

_STYLE = """
:root { color-scheme: light; --ink: #1c1c1a; --soft: #6b6a65; --line: #d9d7d0; --paper: #fdfcf9; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2.5rem 2rem 4rem; background: var(--paper);
  color: var(--ink); font: 15px/1.5 "Source Sans 3", "Segoe UI", "Helvetica Neue", sans-serif; }
h1 { font: 600 2rem/1.15 "Source Serif 4", Georgia, serif; margin: 0; }
h2 { font: 600 1.15rem/1.3 "Source Serif 4", Georgia, serif; margin: 2.6rem 0 .6rem; }
h2 small { font-weight: 400; color: var(--soft); }
.when { color: var(--soft); margin: .3rem 0 0; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th:nth-child(1) { width: 6.5rem; } th:nth-child(2) { width: 16rem; }
th:nth-child(4) { width: 6.5rem; }
th { text-align: left; font-weight: 600; font-size: .8rem; color: var(--soft);
  border-bottom: 1.5px solid var(--ink); padding: .3rem .8rem .3rem 0; }
td { vertical-align: top; border-bottom: 1px solid var(--line); padding: .55rem .8rem .55rem 0; }
td:first-child { white-space: nowrap; font-variant-numeric: tabular-nums; }
.days { white-space: nowrap; text-align: right; padding-right: 0;
  font-variant-numeric: tabular-nums; }
th.days { text-align: right; }
.name { font-weight: 600; } .why { margin: 0; } .why + .why { margin-top: .25rem; }
.stage, .nobody { color: var(--soft); }
.blocked { border-left: 3px solid var(--ink); padding-left: .7rem; }
@media print { body { padding: 0; background: none; } tr { break-inside: avoid; } }
"""


def show(office: Office) -> None:
    """Write TABLEAU.html at the top of the share."""
    page = render(
        *_lists(office.journal),
        office.clock(),
        office.settings.organisation.name,
        *unfiled(office.workspace.to_correct),
        Strays(office.workspace).lying(),
    )
    _, shown = office.journal.published(STREAM)
    content, name = page.encode("utf-8"), office.workspace.board.name
    make_way(office.workspace.board)
    # Whatever stands there is an older state of this page: nobody works in it.
    standing = digest_of(office.workspace.board)
    publish(
        office.workspace.board,
        content,
        staging=office.staging,
        replacing=[d for d in (shown.get(name), standing) if d],
    )
    office.journal.note_published(STREAM, 0, {name: digest(content)})


Line = tuple[str, datetime, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The lines of a list that are shown, in their order, and how many there are in all."""

    who: str
    lines: Sequence[Line]
    count: int


def _lists(journal: Journal) -> tuple[list[Listed], Listed]:
    """The cases by who must act, the office first, those that ended last; and the sessions."""
    waiting = journal.lists(AWAITED)
    order = sorted(waiting, key=lambda who: (not who, who != "le bureau", who.casefold()))
    cases, left = [], WHOLE
    for who in order:
        lines = journal.listed(AWAITED, who, min(PAGE, left)) if left else []
        cases.append(Listed(who=who or NOBODY, lines=lines, count=waiting[who]))
        left -= len(lines)
    ended, held = _latest(journal, ENDED, OVER), _latest(journal, SESSIONS, "")
    return [*cases, *([ended] if ended.count else [])], held


def _latest(journal: Journal, name: str, who: str) -> Listed:
    count = journal.lists(name).get("", 0)
    return Listed(who=who, lines=journal.listed(name, "", LATEST, last_first=True), count=count)


def _said(words: str) -> str:
    return escape(french(words))


def render(
    cases: Sequence[Listed],
    sessions: Listed,
    at: datetime,
    organisation: str,
    refused: Sequence[str] = (),
    waiting: Sequence[str] = (),
    astray: Sequence[str] = (),
) -> str:
    """The page: the lists of cases and of sessions; the files of « 3 À corriger », by their names,
    to be sent again or to be decided on; those that lie where nobody takes them.
    """
    return (
        '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Tableau des dossiers — {_said(organisation)}</title>"
        f"<style>{_STYLE}</style></head><body><main>"
        f"<h1>Tableau des dossiers</h1>"
        f'<p class="when">{_said(organisation)} · état au {moment(at)}</p>'
        f"{''.join(_files(waiting, 'à décider par le bureau'))}"
        f"{''.join(_files(refused, 'à corriger'))}"
        f"{''.join(_astray(astray))}"
        f"{''.join(_sections(cases, at))}{''.join(_juries(sessions, at.date()))}"
        "</main></body></html>\n"
    )


def _files(names: Sequence[str], what: str) -> Iterator[str]:
    """Files of « 3 À corriger », in no case yet: each has its note beside it."""
    if names:
        count = f"{len(names)} fichier{'s' if len(names) > 1 else ''}"
        yield f"<h2>{_said(f'3 À corriger : {what}')} <small>· {count}</small></h2>"
        yield from _named(names, "sont dans ce dossier.")


def _astray(places: Sequence[str]) -> Iterator[str]:
    """What lies where it will never be taken: said, and left where it is."""
    if places:
        yield f"<h2>{_said(WHERE)}</h2>"
        yield f'<p class="nobody">{_said(WHAT_TO_DO)}</p>'
        yield from _named(places, f"sont dans les mêmes dossiers ; {_ALL}")


def _named(names: Sequence[str], where: str) -> Iterator[str]:
    yield "".join(f'<p class="why">{_said(name)}</p>' for name in names[:LATEST])
    if (left := len(names) - LATEST) > 0:
        yield f'<p class="nobody">{_said(f"{left} autres {where}")}</p>'


def _sections(cases: Sequence[Listed], at: datetime) -> Iterator[str]:
    if not cases:
        yield (
            "<p class='nobody'>Aucun dossier pour l’instant. Déposez une inscription remplie dans "
            "« 1 À déposer ici ».</p>"
        )
    for one in (one for one in cases if one.lines):
        count = f"{one.count} dossier{'s' if one.count > 1 else ''}"
        title = one.who[0].upper() + one.who[1:]
        yield f"<h2>{_said(title)} <small>· {count}</small></h2>"
        yield (
            "<table><thead><tr><th>Dossier</th><th>Candidat</th><th>Ce qui est attendu</th>"
            '<th class="days">Depuis</th></tr></thead><tbody>'
        )
        for _, moved, summary in one.lines:
            yield _case(summary, one.who, moved, at)
        yield "</tbody></table>"
        older = "plus anciens" if one.who == OVER else "plus récents"
        yield _rest(one, f"dossiers, {older}, ont leur dossier sur le partage")
    if unseen := [one for one in cases if not one.lines]:
        left = sum(one.count for one in unseen)
        said = f"{left} autres dossiers attendent encore d’autres personnes ; {_ALL}"
        yield f'<p class="nobody">{_said(said)}</p>'


def _rest(one: Listed, said: str) -> str:
    """What the page does not show, and where it stands."""
    left = one.count - len(one.lines)
    if left <= 0:
        return ""
    words = f"{left} autres {said} ; {_ALL}"
    return f'<p class="nobody">{_said(words)}</p>'


def _case(summary: dict[str, Any], who: str, moved: datetime, at: datetime) -> str:
    asked = [m["why"] for m in summary["missing"] if m["who"] == who]
    words = "".join(f'<p class="why">{_said(w)}</p>' for w in asked)
    words += "".join(
        f'<p class="why blocked">Étape bloquée : {_said(b)}</p>' for b in summary["blocked"]
    )
    # Where nobody is awaited, where the case stands is said once, as what is awaited.
    beside = f'<br><span class="stage">{_said(summary["stage"])}</span>' if words else ""
    words = words or f'<span class="stage">{_said(summary["stage"])}</span>'
    days = (at.date() - moved.date()).days
    since = "aujourd’hui" if days == 0 else f"{days} jour{'s' if days > 1 else ''}"
    return (
        f"<tr><td>{_said(summary['number'])}</td>"
        f'<td><span class="name">{_said(summary["candidate"])}</span>{beside}</td>'
        f'<td>{words}</td><td class="days">{since}</td></tr>'
    )


def _juries(sessions: Listed, today: date) -> Iterator[str]:
    if not sessions.count:
        return
    yield "<h2>Jurys</h2><table><thead><tr><th>Session</th><th>Date et lieu</th>"
    yield '<th>Ce qui est attendu</th><th class="days">Candidats</th></tr></thead><tbody>'
    for _, _, summary in sessions.lines:
        held = date.fromisoformat(summary["day"])
        asked = "".join(
            f'<p class="why">{_said(m["why"])} <span class="stage">({_said(m["who"])})</span></p>'
            for m in summary["missing"]
        )
        over = summary["stage"].startswith(DELIBERATED)
        due = " · à venir" if held >= today and not over else ""
        yield (
            f"<tr><td>{_said(summary['reference'])}</td>"
            f'<td><span class="name">{day(held)}{due}</span><br>'
            f'<span class="stage">{_said(summary["place"])}, {_said(summary["town"])} · '
            f"{_said(summary['stage'])}</span></td>"
            f"<td>{asked or '<span class=stage>Rien</span>'}</td>"
            f'<td class="days">{len(summary["candidates"])}</td></tr>'
        )
    yield "</tbody></table>"
    yield _rest(sessions, "sessions, plus anciennes, sont dans « 4 Jurys »")
