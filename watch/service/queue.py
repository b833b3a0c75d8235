"""The queue that several machines share, in PostgreSQL by Procrastinate: how a job is named in it.

A job there is a hint like any other: losing the whole queue costs a scan. `Job.key` never names a
person. Only this module and `machine` know Procrastinate.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from casefiles.errors import SettingsError, StoreAway
from casefiles.store import PATIENT
from watch.service.dispatch import Done
from watch.service.worker import Job, Kind

# What the worker machines call themselves to rescue the jobs of one that died.
RESCUE = "secours"
_SCHEMA_LOCK = 0x50415243


@dataclass(frozen=True)
class Queue:
    """The jobs of one space, seen from its watcher; `space` is the space’s own id.

    Errors are psycopg’s: the caller decides how long to be patient with a database that is away.
    """

    app: procrastinate.App
    space: str

    def put(self, job: Job) -> None:
        """Queue a job; nothing happens when the same one already waits."""
        once = f"{self.space}/{job.kind}/{job.key}"
        try:
            self.app.configure_task(
                job.kind, queue=self.space, lock=lock(self.space, job), queueing_lock=once
            ).defer(key=job.key)
        except AlreadyEnqueued:
            return

    def alive(self) -> set[Job]:
        """The jobs that wait or are being done."""
        return {
            named(found)
            for status in ("todo", "doing")
            for found in self.app.job_manager.list_jobs(queue=self.space, status=status)
        }

    def workers(self) -> int:
        """How many worker processes have shown themselves lately, whatever spaces they serve."""
        (row,) = self.app.connector.get_sync_connector().execute_query_all(
            "SELECT count(*) AS n FROM procrastinate_workers "
            "WHERE last_heartbeat > now() - interval '30 seconds'"
        )
        return int(row["n"])


def named(found: procrastinate.jobs.Job) -> Job:
    """The job a row of the queue stands for."""
    return Job(cast(Kind, found.task_name), str(found.task_kwargs["key"]))


def lock(space: str, job: Job) -> str:
    """What two jobs of one stream have in common, so that they never run at once."""
    return f"{space}/{'depot' if job.kind == 'intake' else 'fil'}/{job.key}"


def channel(space: str) -> str:
    """Where the worker machines say that a job of that space ended."""
    return f"parchemin_{space}"


def told(done: Done) -> str:
    """A job’s end as one notification; streams are left out when they would not fit."""
    said: dict[str, Any] = {
        "kind": done.job.kind,
        "key": done.job.key,
        "streams": done.streams,
        "error": done.error,
        "died": done.died,
        "outside": done.outside,
        "seconds": round(done.seconds, 3),
    }
    text = json.dumps(said)
    # PostgreSQL carries 8,000 bytes; what is not said is found among the open steps.
    return text if len(text) < 7_500 else json.dumps({**said, "streams": []})


def heard(text: str) -> Done:
    """What `told` said; ValueError when it is something else."""
    said = json.loads(text)
    return Done(
        job=Job(said["kind"], said["key"]),
        streams=tuple(said["streams"]),
        error=said["error"],
        died=said["died"],
        outside=said["outside"],
        seconds=said["seconds"],
    )


def plain(url: str) -> str:
    """The address as PostgreSQL’s own library reads it; SettingsError when it is another base’s."""
    kind, _, rest = url.partition("://")
    if kind not in ("postgresql", "postgresql+psycopg", "postgres"):
        raise SettingsError(
            "La file de travaux commune demande une base PostgreSQL.",
            "Écrivez « postgresql://… » sous [travail], file_commune, ou videz ce réglage.",
        )
    address = f"postgresql://{rest}"
    try:
        told = conninfo_to_dict(address)
    except psycopg.ProgrammingError as error:
        raise SettingsError(
            "L’adresse « file_commune » ne se lit pas.",
            "Écrivez « postgresql://utilisateur@machine/base » sous [travail].",
        ) from error
    return make_conninfo(address, **{k: v for k, v in PATIENT.items() if k not in told})


def open_queue(url: str, space: str) -> Queue:
    """The queue at that address, its tables made if needed; StoreAway when it does not answer."""
    address = plain(url)
    prepare(address)
    # The watcher waits for nobody: a database that is away is asked again later.
    connector = procrastinate.SyncPsycopgConnector(
        conninfo=address,
        min_size=1,
        max_size=2,
        timeout=1.0,
    )
    app = procrastinate.App(connector=connector)
    app.open()
    return Queue(app, space)


def prepare(address: str) -> None:
    """Make the queue’s tables, once, whoever comes first."""
    try:
        with psycopg.connect(address) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_SCHEMA_LOCK])
            row = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
            if row is None or row[0] is None:
                connection.execute(procrastinate.schema.SchemaManager.get_schema())
    except psycopg.errors.InsufficientPrivilege as error:
        raise SettingsError(
            "Le compte de « file_commune » n’a pas le droit de faire ses tables dans la base.",
            "Qu’elle soit à lui : « createdb --owner=parchemin … », ou « ALTER DATABASE … OWNER "
            "TO parchemin ».",
        ) from error
    except psycopg.OperationalError as error:
        raise StoreAway(
            "La base de la file de travaux commune ne répond pas.",
            "Vérifiez l’adresse « file_commune » sous [travail], et que PostgreSQL est démarré.",
        ) from error


def listen(address: str, spaces: Iterable[str]) -> "psycopg.Connection[Any]":
    """A connection that hears the ends of those spaces’ jobs."""
    connection: psycopg.Connection[Any] = psycopg.connect(address, autocommit=True)
    for space in spaces:
        name = psycopg.sql.Identifier(channel(space))
        connection.execute(psycopg.sql.SQL("LISTEN {}").format(name))
    return connection
