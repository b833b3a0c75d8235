"""Whether the watch is well: one French reason when it is not. It names no file and nobody.

The watch’s loop writes `Pulse`; whoever asks, from another thread, only reads it.
"""

from dataclasses import dataclass

# A loop that has not come round for so long hangs; it comes round every five seconds at rest.
SILENCE = 120.0


@dataclass
class Pulse:
    """What the loop last knew of itself. Times are monotonic seconds, None before the first.

    waiting: dropped files nobody has taken yet.
    """

    turned: float | None = None
    reconciled: float | None = None
    waiting: int = 0
    share: bool = True
    database: bool = True
    workers: bool = True


def reason(pulse: Pulse, now: float, rescan: float) -> str:
    """Why the service is not well, or "". rescan: seconds between two whole looks at the share."""
    if pulse.turned is None:
        return "La veille démarre."
    if now - pulse.turned > SILENCE:
        return f"La veille ne tourne plus depuis {now - pulse.turned:.0f} s : relancez le service."
    if not pulse.share:
        return "Le partage n’est pas là : vérifiez qu’il est monté."
    if not pulse.database:
        return "La base de données ne répond pas : vérifiez qu’elle est démarrée."
    if not pulse.workers:
        return "Aucun processus de travail n’est prêt : lancez « parchemin doctor »."
    if pulse.reconciled is None:
        return "Le partage n’a pas encore été relu en entier."
    if (since := now - pulse.reconciled) > 3 * rescan + SILENCE:
        return f"Le partage n’a pas été relu depuis {since:.0f} s : relancez le service."
    return ""
