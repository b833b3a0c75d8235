"""What remains to be done of a session, from its agenda to the letter to the certifier. Pure."""

from collections.abc import Iterator

from casefiles import summons
from casefiles.rules.finding import source
from casefiles.session import Session
from casefiles.step import Step, held_back, proofs_left

TRANSMITTAL = "envoi"
EMARGEMENT = "emargement"


def of_session(session: Session) -> tuple[Step, ...]:
    """The open steps of a session."""
    return (*_session(session), *proofs_left(session))


def _session(session: Session) -> Iterator[Step]:
    if session.signed is not None and not session.sent:
        yield Step(key="transmettre", what="Porter les décisions aux dossiers.")
        return
    if session.signed is not None and session.over:
        # A PV to be rectified is not sent: the one that replaces it will be.
        sent = session.product(TRANSMITTAL)
        if sent is None or sent.basis != session.signed.sha256:
            yield Step(key=TRANSMITTAL, what="Préparer le bordereau d’envoi au certificateur.")
        return
    if summons.due(session):
        yield Step(key="convocations", what="Préparer les convocations.")
    if not session.closed:
        agenda = session.product("ordre-du-jour")
        if agenda is None or agenda.basis != session.agenda_basis:
            yield Step(key="ordre-du-jour", what="Établir l’ordre du jour.")
        yield from (held_back(one) for one in session.held)
        yield from _before_closure(session)
        return
    yield from (held_back(one) for one in session.held)
    if not session.names:
        yield Step(
            key="sans-candidat",
            what="Plus aucun candidat n’est à l’ordre du jour : la séance n’a plus d’objet. "
            "Prévenez les membres du jury.",
            who="le bureau",
        )
        return
    unsettled = tuple(_unsettled(session))
    if unsettled:
        yield from unsettled
        return
    if not session.pieces_stand:
        yield Step(key="pieces", what="Assembler et sceller le volume des pièces.")
        return
    if session.sheet is None:
        yield Step(key="feuille", what="Préparer la feuille de décisions.")
        return
    if session.decided is None:
        yield Step(
            key="decisions",
            what=_sheet_words(session),
            who="le jury",
            form="decisions",
            rule="R84",
            source=source(""),
        )
        return
    if session.pv is None or session.pv.basis != session.decided.document:
        yield Step(key="pv", what="Dresser le procès-verbal et le certifier.")
        return
    yield from _signatures(session)


def _sheet_words(session: Session) -> str:
    if session.rectifying is None:
        return "Remplir la feuille de décisions en séance, puis la redéposer."
    return (
        "Remplir la nouvelle feuille de décisions, puis la redéposer : le procès-verbal "
        "rectificatif en sera tiré. Celui qui est signé reste en vigueur jusque-là."
    )


def _unsettled(session: Session) -> Iterator[Step]:
    for case in session.names:
        if not session.ready.get(case):
            yield Step(
                key=f"complet/{case}",
                what=f"Compléter le dossier {case} ({session.names[case]}), ou y trancher ce qui "
                "attend le bureau.",
                who="le bureau",
            )


def _before_closure(session: Session) -> Iterator[Step]:
    yield from _unsettled(session)
    yield Step(
        key="cloture",
        what="Clôturer l’ordre du jour par une « Demande du bureau » : le volume des pièces sera "
        "scellé.",
        who="le bureau",
        form="demande",
    )


def _signatures(session: Session) -> Iterator[Step]:
    pv = session.pv
    if pv is None:
        return
    if session.doubted:
        doubts = " ".join(session.doubted.doubts)
        yield Step(
            key="confirmer",
            what=f"Vérifier les signataires du procès-verbal, version {pv.version}. {doubts} "
            "Décidez par une « Demande du bureau » (confirmer "
            f"{session.doubted.document}), ou redéposez un procès-verbal signé autrement.",
            who="le bureau",
        )
        return
    if session.to_place:
        yield Step(key=EMARGEMENT, what="Porter au procès-verbal les signatures sur papier.")
        return
    signed = set(session.returned.signed) if session.returned else set()
    for member in session.members:
        if member.key in pv.expected and member.key not in signed and member.key != pv.president:
            yield Step(
                key=f"signature/{member.key}",
                what=f"Signer le procès-verbal, version {pv.version}{_or_by_hand(session)}.",
                who=member.name,
            )
    president = next((m.name for m in session.members if m.key == pv.president), "le président")
    yield Step(
        key=f"signature/{pv.president}",
        what=f"Signer le procès-verbal, version {pv.version}, en dernier.",
        who=president,
    )


def _or_by_hand(session: Session) -> str:
    sheet = session.emargement
    if sheet is None:
        return ""
    return (
        f" : à l’écran, ou à la main sur « {sheet.path} », que le bureau imprime, fait signer, "
        "numérise et dépose"
    )
