"""Every rule of the sources, R1 to R95: what it says, where it comes from, what holds it.

The one list of the rules. docs/regles.md is written from it and from the code by tools/regles.py:
where a rule is applied is found in the code itself, which tests guard it in the tests’ own marks.
`data` are the fields of certifications that carry it; a rule with `why` is information only.
"""

from dataclasses import dataclass

from casefiles.rules.finding import FAQ, FICHE, FICHE_CQP, SOURCES, STEPS, TMP

PROJECT = "Cahier des charges de Parchemin"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule. why: why nothing applies it, for a rule that only informs."""

    says: str
    where: str = ""
    data: tuple[str, ...] = ()
    why: str = ""


def _told(says: str, where: str, *data: str, why: str = "") -> Rule:
    return Rule(says=says, where=where, data=data, why=why)


_T, _O, _M, _E = "cqp-tmroa", "cqpm-opea", "cqpm-tmp", "exemple-cqpi"

CATALOGUE: dict[str, Rule] = {
    "R1": _told("Un CQP est délivré par une branche ou plusieurs (CQPI).", FICHE_CQP, f"{_E}:kind"),
    "R2": _told(
        "Un CQPI vient d’au moins deux branches.", FICHE_CQP, f"{_E}:certifier.other_branches"
    ),
    "R3": _told("Publics : salariés, jeunes, demandeurs d’emploi.", FICHE_CQP),
    "R4": _told(
        "Un CQP est enregistré au RNCP, au RS, ou à aucun des deux.",
        FICHE_CQP,
        f"{_O}:registration.directory",
    ),
    "R5": _told("Le CPF suppose un enregistrement au RNCP ou au RS.", STEPS),
    "R6": _told(
        "« Candidat » vaut pour les deux genres.",
        f"{TMP}, note 2",
        why="Convention d’écriture, suivie par les libellés.",
    ),
    "R7": _told(
        "Blocs : acquisition progressive, blocs manquants seuls, passerelles.",
        f"{FICHE_CQP} ; {STEPS}",
        f"{_E}:blocs",
    ),
    "R8": _told(
        "Pour le TMROA, la source explique et n’est pas le règlement : tout y est réglable.",
        FAQ,
        f"{_T}:provisional",
    ),
    "R9": _told("Deux voies : la formation ou la VAE.", f"{FICHE_CQP} ; {STEPS}", f"{_O}:routes"),
    "R10": _told(
        "La formation passe par le plan, le contrat de professionnalisation, la Pro-A ou "
        "l’initiative propre.",
        FICHE_CQP,
        f"{_M}:routes",
    ),
    "R11": _told("En alternance, un tuteur accompagne.", FICHE_CQP),
    "R12": _told("Six conditions d’inscription, ouvertes ou non.", FICHE, f"{_O}:routes"),
    "R13": _told("La VAE suppose le RNCP.", FICHE_CQP),
    "R14": _told(
        "La VAE demande un an d’expérience en rapport, continu ou non.",
        f"{FICHE_CQP} ; {STEPS}",
        f"{_O}:vae.minimum_months",
    ),
    "R15": _told(
        "Un parcours de VAE dure de huit à douze mois.",
        STEPS,
        f"{_O}:vae.course_months",
        why="Durée que la présentation annonce au candidat, non une condition : aucune fiche ne "
        "refuse un parcours plus court ou plus long, et l’accompagnement commence et finit hors du "
        "bureau, qui ne peut donc pas le mesurer. La certification porte les deux nombres.",
    ),
    "R16": _told("La VAE donne tout le CQP ou des blocs.", STEPS, f"{_O}:blocs_separately"),
    "R17": _told(
        "Une inscription préalable est nécessaire, pour le CQPM ou des blocs.",
        f"{TMP} ; {FICHE}",
        f"{_O}:inscription_source",
    ),
    "R18": _told(
        "En formation, l’inscription passe par une entreprise ou un organisme.",
        FICHE,
        f"{_O}:routes",
    ),
    "R19": _told("Le candidat seul : VAE, demandeurs d’emploi.", TMP, f"{_M}:routes"),
    "R20": _told(
        "Nouvelle-Calédonie et Polynésie : non accessibles.",
        FICHE,
        f"{_O}:registration.new_caledonia",
    ),
    "R21": _told("TMROA : être en poste dans la branche AMI.", FAQ, f"{_T}:prerequisites"),
    "R22": _told("TMROA : coefficient d’au moins 200.", FAQ, f"{_T}:prerequisites"),
    "R23": _told("TMROA : au moins cinq ans comme technicien.", FAQ, f"{_T}:prerequisites"),
    "R24": _told("TMROA : français écrit et oral suffisant.", FAQ, f"{_T}:prerequisites"),
    "R25": _told("TMROA : certificat CATEC (intervenant).", FAQ, f"{_T}:prerequisites"),
    "R26": _told("L’organisme vérifie et valide les prérequis au début.", FAQ, f"{_T}:steps"),
    "R27": _told("Positionnement : 3 h, en visioconférence.", FAQ, f"{_T}:steps"),
    "R28": _told(
        "Le candidat est de préférence dans une salle de son entreprise.",
        FAQ,
        why="Conseil d’organisation, rappelé dans le texte de l’étape.",
    ),
    "R29": _told("Préparation : 14 h sur deux jours.", FAQ, f"{_T}:steps"),
    "R30": _told("Évaluation : 10 h 50 sur deux jours.", FAQ, f"{_T}:steps"),
    "R31": _told("Trois modalités d’évaluation.", FAQ, f"{_T}:modalities"),
    "R32": _told("Trois phases d’un chantier.", FAQ, f"{_T}:blocs"),
    "R33": _told("Interventions : curage, pompage, désobstruction.", FAQ, f"{_T}:blocs"),
    "R34": _told("Financement : moitié MAIAGE, moitié entreprise.", FAQ, f"{_T}:financing"),
    "R35": _told("Après l’enregistrement, un parchemin définitif peut suivre.", FAQ),
    "R36": _told("Organismes partenaires de l’expérimentation.", FAQ, f"{_T}:training_bodies"),
    "R37": _told(
        "Le chef d’entreprise repère, propose, désigne un référent.",
        FAQ,
        why="Devoirs de l’entreprise hors du bureau ; ce qu’elle écrit est dans ses formulaires.",
    ),
    "R38": _told(
        "L’organisme vérifie, positionne, prépare ; son responsable préside le plénier.",
        FAQ,
        f"{_T}:plenary.seats",
    ),
    "R39": _told(
        "L’organisme de formation est habilité par la branche.", STEPS, f"{_T}:training_bodies"
    ),
    "R40": _told(
        "Un organisme évaluateur habilité évalue bloc par bloc.",
        f"{FICHE_CQP} ; {STEPS}",
        f"{_O}:evaluators",
    ),
    "R41": _told(
        "L’UIMM territoriale centre d’examen inscrit et reçoit.", TMP, f"{_M}:exam_centre"
    ),
    "R42": _told(
        "L’UIMM centre de ressources reçoit le dossier des modalités, et il dit quand.",
        TMP,
        f"{_M}:resource_centre",
    ),
    "R43": _told("La commission d’évaluation évalue.", TMP, f"{_M}:evaluators.name"),
    "R44": _told("Le jury paritaire de délibération valide.", TMP, f"{_M}:deliberation"),
    "R45": _told(
        "L’attribution est sous le contrôle du groupe technique paritaire.",
        TMP,
        f"{_M}:certifier.control",
    ),
    "R46": _told("La CPNE ou le certificateur délivre formellement.", FICHE_CQP, f"{_O}:certifier"),
    "R47": _told(
        "28245 : « Directeur emploi formation de l’UIMM » signe.",
        FICHE,
        f"{_O}:certifier.signatory_quality",
    ),
    "R48": _told("L’avis vient du tuteur, du responsable hiérarchique ou fonctionnel.", TMP),
    "R49": _told("Un dossier des modalités est arrêté et transmis.", TMP),
    "R50": _told("La situation reconstituée est l’exception, justifiée.", TMP, f"{_M}:modalities"),
    "R51": _told("(a) Situation réelle : observation et questionnement.", TMP, f"{_M}:modalities"),
    "R52": _told("(b) Projets : un rapport rendu dans les délais, puis présenté.", TMP),
    "R53": _told(
        "(c) Situation reconstituée : observation ou restitution.", TMP, f"{_M}:modalities"
    ),
    "R54": _told("(d) Avis de l’entreprise.", TMP, f"{_M}:modalities"),
    "R55": _told("Par bloc : (a ou b ou c) et d.", FICHE, f"{_O}:modality_rule"),
    "R56": _told("L’avis de l’entreprise, hors VAE.", TMP, f"{_M}:modalities"),
    "R57": _told(
        "La commission suit critères, exigences et conditions du référentiel.",
        FICHE,
        f"{_O}:criteria_missing",
    ),
    "R58": _told(
        "Chaque bloc est certifié : une attestation par bloc.",
        f"{FICHE} ; {FICHE_CQP} ; {TMP}",
        f"{_O}:outcomes",
        f"{_O}:blocs_source",
        f"{_M}:blocs_source",
    ),
    "R59": _told("Toutes les capacités doivent être validées.", FICHE, f"{_O}:threshold"),
    "R60": _told("L’admissibilité demande tous les blocs.", FICHE),
    "R61": _told("Attribué dès que toutes les compétences sont acquises.", TMP, f"{_M}:threshold"),
    "R62": _told("Des blocs séparés seulement si le CQPM est au RNCP.", TMP),
    "R63": _told("Un bloc acquis l’est sans limite de durée.", FICHE),
    "R64": _told(
        "VAE : recevabilité, dossier de preuves et entretien, jury.", FICHE, f"{_O}:routes"
    ),
    "R65": _told("Formation : inscription, évaluation, jury.", FICHE, f"{_O}:routes"),
    "R66": _told(
        "Minima propres à une compétence (deux machines, deux postes).", TMP, f"{_M}:blocs"
    ),
    "R67": _told("Chaque compétence a sa grille.", FAQ),
    "R68": _told(
        "Compétence validée à 80 % des critères, bornes comprises.", FAQ, f"{_T}:threshold"
    ),
    "R69": _told("Épreuve validée si toutes ses compétences le sont.", FAQ, f"{_T}:part"),
    "R70": _told("Pas de note chiffrée.", FAQ, f"{_T}:threshold"),
    "R71": _told("Les résultats ne sont qu’une proposition au jury final.", FAQ),
    "R72": _told(
        "Évaluation préalable, parcours individualisé.",
        FICHE_CQP,
        f"{_T}:steps",
        f"{_M}:routes",
        f"{_O}:routes",
    ),
    "R73": _told(
        "Contenus et durées varient avec le profil.",
        STEPS,
        why="Propre à chaque parcours ; le positionnement en garde la trace.",
    ),
    "R74": _told(
        "L’évaluation est souvent un entretien, complété d’une observation ou d’un écrit.",
        STEPS,
        why="Description générale ; chaque certification donne ses propres modalités.",
    ),
    "R75": _told("Une évaluation positive n’est pas encore le CQP.", STEPS),
    "R76": _told(
        "Jury d’évaluation : un ou deux membres, dix ans d’expérience.", FAQ, f"{_T}:evaluators"
    ),
    "R77": _told("Aucun lien personnel ou professionnel avec les candidats.", FAQ),
    "R78": _told("Jury plénier de deux membres, après les épreuves.", FAQ, f"{_T}:plenary"),
    "R79": _told(
        "Jury final désigné par la CPNEFP, un par collège.", FAQ, f"{_T}:deliberation.designated_by"
    ),
    "R80": _told("28245 : moitié salariés, moitié employeurs.", FICHE, f"{_O}:deliberation.parity"),
    "R81": _told(
        "Employeurs : cinq au plus, et un siège d’intérim.", FICHE, f"{_O}:deliberation.colleges"
    ),
    "R82": _told("Une voix par organisation syndicale.", FICHE, f"{_O}:deliberation.colleges"),
    "R83": _told(
        "À égalité, la voix du président l’emporte.", FICHE, f"{_O}:deliberation.casting_vote"
    ),
    "R84": _told("Trois devoirs du jury.", FICHE, f"{_O}:deliberation.duties"),
    "R85": _told(
        "Le jury est paritaire et examine dossier, évaluations et informations.",
        f"{FICHE_CQP} ; {STEPS}",
        f"{_O}:deliberation.duties",
    ),
    "R86": _told("Le récapitulatif est mis à la disposition du jury.", FICHE),
    "R87": _told("Refus, attestation de blocs, ou obtention.", FICHE_CQP, f"{_O}:outcomes"),
    "R88": _told(
        "Chaque source a ses mots : admissible, non admissible…", FICHE, f"{_O}:outcome_labels"
    ),
    "R89": _told(
        "Après un résultat partiel, les seuls blocs manquants.", STEPS, f"{_O}:blocs_separately"
    ),
    "R90": _told(
        "Délibérer n’est pas délivrer : deux étapes.",
        f"{FICHE_CQP} ; {STEPS} ; {FAQ}",
        f"{_O}:certifier",
    ),
    "R91": _told(
        "Le parchemin, ou l’attestation par bloc.",
        f"{FAQ} ; {FICHE}",
        f"{_O}:certifier.signatory_quality",
    ),
    "R92": _told("Le financement est noté.", f"{FAQ} ; {FICHE_CQP}", f"{_T}:financing"),
    "R93": _told("Fenêtre d’enregistrement, codes et dates.", FICHE, f"{_O}:registration"),
    "R94": _told(
        "28245 n’a pas de niveau dans la source ; 001 n’a ni code, ni niveau, ni dates.",
        f"{FICHE} ; {TMP}",
        why="Rien n’est inventé : un parchemin dont une mention manque n’est pas signé.",
    ),
    "R95": _told("Un dossier surveillé, des formulaires, des pièces scellées.", PROJECT),
}


def source(rule: str) -> str:
    """Where a rule comes from: its quotation where the rules give one."""
    return SOURCES.get(rule) or CATALOGUE[rule].where
