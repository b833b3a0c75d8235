"""The settings file a new space begins with: every setting, explained in plain words."""

from collections.abc import Mapping
from pathlib import Path

TEMPLATE = """\
# Réglages de Parchemin. Les lignes qui commencent par # sont des explications.
# Après un changement, relancez « parchemin watch ». Une faute est signalée avec sa ligne.
# Les chemins partent du dossier où se trouve ce fichier ; ce dossier reste hors du partage.

# Les certifications proposées ici. Liste vide : toutes celles fournies, sauf les exemples.
# « parchemin certifications » en donne les codes.
certifications = ["cqpm-tmp"]

# Le dossier de vos propres certifications (*.yaml), qui passent avant celles fournies.
# dossier_certifications = "certifications"

# Le dossier des formulaires d’autrui que vous adoptez : chaque PDF avec son fichier *.yaml.
# dossier_formulaires = "formulaires"

# La base de données. Vide : un fichier journal.sqlite dans ce dossier.
# Pour PostgreSQL : "postgresql+psycopg://utilisateur@machine/base"
base_de_donnees = ""

# Le dossier des originaux, s’il n’est pas à côté de ce fichier : un stockage commun à plusieurs
# machines, par exemple.
# dossier_originaux = "/mnt/commun/originaux"

# Le dossier des copies du journal, un fichier par dossier : de quoi refaire la base perdue. Sans
# ce réglage, « journaux-des-dossiers » à côté de ce fichier ; un autre disque vaut mieux.
# dossier_copies = "/mnt/autre-disque/journaux-des-dossiers"

# Les journaux du programme, sans donnée personnelle : "texte", ou "json" (un document par ligne).
journaux = "texte"

[organisme]
# Votre organisme de formation, tel qu’il figure sur les documents.
nom = "{name}"
adresse = ""
ville = "{town}"
# Numéro de déclaration d’activité (NDA), tel que l’a donné la préfecture.
declaration_activite = ""
siret = ""
courriel = ""
telephone = ""

[depot]
# Un fichier est pris quand il n’a plus bougé depuis ce nombre de secondes.
# Un scanner marque des pauses : moins de 5 secondes expose à prendre un fichier incomplet.
repos = 5.0
# Le partage est relu en entier à cet intervalle, en secondes. Les dépôts sont vus aussitôt
# quand le système les signale ; ce balayage voit tout le reste.
balayage = 60

[travail]
# Processus qui travaillent en même temps : un par cœur de la machine.
processus = 2
# Une étape qui échoue est reprise après ces délais, en secondes ; après cinq échecs elle est
# « bloquée » et le dit dans TABLEAU.
reprises = [30, 120, 600, 3600, 21600]
# Un processus qui dépasse cette mémoire (en millions d’octets) est remplacé.
memoire_processus = 800
# La file de travaux partagée avec d’autres machines, dans une base PostgreSQL :
# "postgresql://utilisateur@machine/file". Vide : le veilleur a ses propres processus. Avec une
# adresse, ce sont les « parchemin work » de chaque machine qui travaillent.
file_commune = ""

# Ce qu’un fichier venu d’ailleurs peut coûter au plus : poids (en millions d’octets), durée (en
# secondes) et mémoire (en millions d’octets). Au-delà, il est refusé avec cette raison.
[limites.inconnu]
poids = 25
duree = 10
memoire = 1024
# Ce qu’il peut contenir une fois ouvert : les pages d’un PDF, les feuilles numérisées ou imprimées
# lues d’un coup, les Mo d’un élément décompressé, les millions de points d’une image.
pages = 200
feuilles = 40
flux = 64
image = 60

# Les pages d’un formulaire de ce bureau revenu imprimé, numérisé ou photographié.
[limites.pages]
poids = 25
duree = 60
memoire = 1024

# Une archive (.zip) ou un courriel (.eml, .msg) : documents qu’il contient, leur poids en tout une
# fois sortis, et envois mis les uns dans les autres.
[limites.envois]
documents = 100
poids = 60
niveaux = 3

# Ce qui commence, octet pour octet, par un volume que nous avons scellé.
[limites.dossiers_de_jury]
poids = 400
duree = 60
memoire = 2048
pages = 5000
flux = 256

# Le cachet de l’organisme : il scelle les pièces et le procès-verbal. Un fichier PKCS#12 (.p12) et
# un fichier qui contient sa phrase secrète, que seul le compte de Parchemin peut lire. Sans
# « phrase », elle est lue dans la variable PARCHEMIN_PHRASE_CACHET (ou celle que nomme
# « phrase_variable »), ou demandée au démarrage dans un terminal.
# Une clé sur jeton PKCS#11 (carte, clé USB, HSM) s’écrit, à la place de « fichier » :
# bibliotheque = "/usr/lib/…/pilote.so", jeton = "Nom du jeton", cle = "Nom de la clé"
{seal}

# La clé du certificateur, seulement s’il vous en a délégué l’usage par écrit : de qui, et quand.
# Sans elle, les parchemins attendent « à signer par le certificateur ». C’est la clé d’une
# personne, le signataire habilité : un cachet d’organisme est refusé ici.
{certifier}

# Le cachet du certificateur, s’il en a un : il s’ajoute, sur le parchemin, à la signature de cette
# personne, et ne la remplace jamais. Phrase secrète : comme ci-dessus.
# [cles.cachet_certificateur]
# fichier = "keys/cachet-certificateur.p12"
# phrase = "keys/cachet-certificateur.phrase"

[confiance]
# Les autorités de certification que vous reconnaissez (fichiers PEM).
autorites = [{authorities}]
# Le service d’horodatage (RFC 3161), si vous en avez un : "http://…"
horodatage = ""
# Les machines auxquelles demander si un certificat a été révoqué (« ocsp.exemple.fr », ou
# « 10.0.0.7:8080 » dans votre réseau), en plus de celles que nomment vos autorités. Aucune autre
# n’est jamais appelée, quoi qu’écrive un document reçu.
machines = []
# Le dossier de votre copie des listes de confiance de l’Union européenne : eu-lotl.xml et les
# listes nationales voulues (FR.xml…). Elles seules permettent de dire une signature qualifiée.
# listes = "listes"

# Les signataires que vous connaissez, un bloc par personne ; l’empreinte est la SHA-256 du
# certificat. Un signataire inconnu n’est pas une erreur : le bureau confirme. Une fois une personne
# nommée ici, un autre certificat à son nom (un homonyme, un renouvellement) attend le bureau ; deux
# certificats d’une même personne font deux blocs. Qui n’est pas nommé ici est reconnu à son seul
# nom, et c’est dit : nommez ceux qui signent souvent, le président du jury d’abord.
# [[confiance.signataires]]
# nom = "Solène EXEMPLE-ŒUVRARD"
# empreinte = "…"

# Sans la clé du certificateur, les personnes qu’il a habilitées à signer ses parchemins : seul un
# parchemin signé avec l’un de ces certificats est repris.
# [[confiance.certificateurs]]
# nom = "Maxence EXEMPLE-LARTIGUE"
# empreinte = "…"

[signatures]
# Le niveau des signatures que nous posons : B-B, B-T (avec horodatage), B-LT ou B-LTA.
niveau = "B-B"

# Un autre niveau pour un document : pieces, pv, notification, parchemin ; duplicata et attestation
# suivent le parchemin, sauf s’ils sont nommés.
[signatures.niveaux]
# parchemin = "B-LT"

[preuves]
# Les preuves acceptées pour chaque document : "signature" (électronique), "cachet" (d’un service
# de signature), "papier" (imprimé et signé à la main, marqué comme tel), "aucune".
inscription = ["aucune", "signature", "papier"]
modalites = ["aucune", "signature", "papier"]
grille = ["aucune", "signature", "papier"]
avis = ["signature", "papier"]
# Les membres du jury, mais jamais le président, qui signe le procès-verbal à l’écran, en dernier.
emargement = ["signature", "papier"]
# Un avis signé avec un certificat inconnu : "a_confirmer" par le bureau, ou "refuser".
signataire_inconnu = "a_confirmer"

[lettres]
# Convocations, relances, bordereaux. Pour les remettre en forme dans Word : « parchemin letters
# DOSSIER » en copie les modèles, que vous indiquez ici. Un modèle fautif est refusé par son nom.
# dossier = "lettres"
# "pdf" (par LibreOffice, s’il est installé) ou "docx".
format = "pdf"
# Jours sans aucun mouvement après lesquels une relance se prépare d’elle-même ; 0 : jamais.
relance_apres = 21
# Durée d’une session de jury dans les agendas, en minutes.
duree_jury = 180

# Les adresses des personnes qu’aucun formulaire ne donne, comme les membres des jurys.
[lettres.adresses]
# "Camille EXEMPLE-PRÉVOST" = "camille@exemple.invalid"

[conservation]
# Combien d’années chaque sorte de dossier est gardée après son dernier événement ; 0 : toujours.
# Ces durées sont les nôtres, à confirmer par votre délégué à la protection des données. Le registre
# des parchemins et les parchemins qu’il nomme sont toujours gardés. Le volume d’une session reste
# aussi longtemps que le plus long des dossiers qu’il contient.
preinscriptions = 2
# Ce qui fut déposé et n’a mené à aucun dossier.
depots = 1
abandonnes = 2
sans_certification = 5
certifies = 10
sessions = 10
# Ce qui est échu : true, la veille l’efface chaque jour ; false, « parchemin doctor » le dit et
# « parchemin purge » l’efface.
automatique = false

# Une sorte de document gardée moins longtemps que son dossier, une fois celui-ci clos : par le nom
# de son formulaire, en années. Le volume d’une session reste aussi longtemps que ses dossiers.
[conservation.documents]
# grille = 3

[surveillance]
# L’état du service (/health) et ses mesures pour Prometheus (/metrics), pour les programmes de
# cette machine seulement. Le port où les lire, 9464 par exemple ; 0 : nulle part.
port = 0
adresse = "127.0.0.1"

[registre]
# Les lettres qui commencent le numéro des parchemins : P-2026-00001. Majuscules et chiffres.
serie = "P"
"""

_NO_SEAL = """\
# [cles.cachet]
# fichier = "keys/cachet.p12"
# phrase = "keys/cachet.phrase\""""

_NO_CERTIFIER = """\
# [cles.certificateur]
# fichier = "keys/certificateur.p12"
# phrase = "keys/certificateur.phrase"
# delegation_de = "Nom et qualité de qui délègue"
# delegation_du = 2026-01-05"""


def default_settings(
    *,
    name: str = "Organisme de formation",
    town: str = "",
    seal: tuple[Path, Path] | None = None,
    certifier: tuple[Path, Path] | None = None,
    delegation: tuple[str, str] = ("", ""),
    authorities: tuple[Path, ...] = (),
) -> str:
    """The commented file; keys are (PKCS#12, passphrase) paths, delegation (by whom, ISO day)."""
    by, day = delegation
    facts: Mapping[str, str] = {
        "name": name,
        "town": town,
        "seal": _key("cachet", seal) if seal else _NO_SEAL,
        "certifier": (
            f'{_key("certificateur", certifier)}\ndelegation_de = "{by}"\ndelegation_du = {day}'
            if certifier
            else _NO_CERTIFIER
        ),
        "authorities": ", ".join(f'"{path.as_posix()}"' for path in authorities),
    }
    return TEMPLATE.format_map(facts)


def _key(section: str, files: tuple[Path, Path]) -> str:
    file, phrase = files
    return f'[cles.{section}]\nfichier = "{file.as_posix()}"\nphrase = "{phrase.as_posix()}"'
