"""A bounded RFC 3161 client for pyHanko; it knows one address and trusts nothing it is answered."""

import asyncio
import http.client
import secrets
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

from casefiles.errors import SigningError

_LARGEST = 64 * 1024


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class TimestampService(TimeStamper):
    """One time-stamping service. timeout: seconds for the whole of one answer of at most 64 KiB."""

    def __init__(self, url: str, *, timeout: float = 10.0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
            raise SigningError(
                f"L’adresse du service d’horodatage n’est pas une adresse web : {url}",
                "Corrigez-la dans les réglages (https://…).",
            )
        self.url = url
        self.timeout = timeout
        self._opener = urllib.request.build_opener(_NoRedirect)

    async def what_time(self) -> datetime:
        """The service’s own clock, as it dates a request of no consequence; aware.

        TimestampRequestError when it gives no time-stamp.
        """
        token = await self.async_timestamp(secrets.token_bytes(32), "sha256")
        content = token["content"]["encap_content_info"]["content"].parsed
        told: datetime = content["gen_time"].native
        return told

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The service's answer; TimestampRequestError when it is late, too long or not one."""
        return await asyncio.wait_for(
            asyncio.to_thread(self._ask, bytes(req.dump())), self.timeout * 2
        )

    def _ask(self, body: bytes) -> tsp.TimeStampResp:
        request = urllib.request.Request(
            self.url,
            data=body,
            headers={
                "Content-Type": "application/timestamp-query",
                "Accept": "application/timestamp-reply",
            },
        )
        try:
            with self._opener.open(request, timeout=self.timeout) as answer:
                kind = answer.headers.get_content_type()
                content = answer.read(_LARGEST + 1)
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
            raise TimestampRequestError(f"{self.url}: {error}") from error
        if kind != "application/timestamp-reply" or len(content) > _LARGEST:
            raise TimestampRequestError(f"{self.url}: not a time-stamp reply ({kind})")
        try:
            reply = tsp.TimeStampResp.load(content, strict=True)
            reply.native  # noqa: B018 - parses it whole, here rather than later
        except (ValueError, TypeError) as error:
            raise TimestampRequestError(f"{self.url}: not a time-stamp reply") from error
        return reply
