"""A small European scheme of our own: an operator of the list of lists, a national one, a
qualified authority, its holders. The real lists cannot be fetched where the tests run; these have
their shape.
"""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier
from lxml import etree

from signing import keys
from signing.keys import Key

_TSL = "http://uri.etsi.org/02231/v2#"
_TYPES = "http://uri.etsi.org/02231/v2/additionaltypes#"
_URI = "http://uri.etsi.org/TrstSvc"
_ORGANISATION = ObjectIdentifier("2.5.4.97")
GRANTED, WITHDRAWN = "granted", "withdrawn"


@dataclass(frozen=True)
class Issued:
    """A certificate and its key."""

    certificate: x509.Certificate
    private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


class Scheme:
    """Made once; `publish` writes a folder of lists as an office would keep it."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)
        self.union = self._made("Opérateur de l’Union EXEMPLE", rsa_key=True)
        self.national = self._made("Opérateur national EXEMPLE", rsa_key=True)
        self.authority = self._made("Autorité qualifiée EXEMPLE", authority=True)

    def holder(
        self, name: str, *, compliant: bool = True, secure: bool = True, seal: bool = False
    ) -> Key:
        """A key whose certificate says what it is told to say of itself."""
        said = _statements(compliant, secure, seal)
        organisation = "VATFR-00000000000" if seal else ""
        made = self._made(name, issuer=self.authority, statements=said, organisation=organisation)
        chain = [_asn1(self.authority)]
        return keys.keep(made.private, _asn1(made), chain, at=self.now)

    def publish(
        self,
        folder: Path,
        *,
        status: str = GRANTED,
        since: datetime | None = None,
        issued: datetime | None = None,
        until: datetime | None = None,
        signed_by: Issued | None = None,
        stamping: bytes | None = None,
        territory: str = "FR",
    ) -> Path:
        """The list of lists, the French list and the operator’s certificate, in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        issued = issued or self.now - timedelta(days=12)
        until = until or self.now + timedelta(days=100)
        start = since or datetime(2017, 1, 1, tzinfo=UTC)
        services = _service("CA/QC", self.authority.der, status, start)
        if stamping is not None:
            services += _service("TSA/QTST", stamping, GRANTED, start)
        lotl = _page("EU", issued, until, _pointer(self.national.der, "FR"), "")
        page = _page(territory, issued, until, "", services)
        _write(folder / "eu-lotl.xml", lotl, self.union)
        _write(folder / "FR.xml", page, signed_by or self.national)
        (folder / "operateurs.pem").write_bytes(self.union.certificate.public_bytes(Encoding.PEM))
        return folder

    def _made(
        self,
        name: str,
        *,
        issuer: Issued | None = None,
        authority: bool = False,
        rsa_key: bool = False,
        statements: bytes = b"",
        organisation: str = "",
    ) -> Issued:
        private = (
            rsa.generate_private_key(65537, 2048)
            if rsa_key
            else ec.generate_private_key(ec.SECP256R1())
        )
        parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
                 x509.NameAttribute(NameOID.COMMON_NAME, name)]  # fmt: skip
        if organisation:
            parts.append(x509.NameAttribute(_ORGANISATION, organisation))
        subject = x509.Name(parts)
        usage = x509.KeyUsage(
            digital_signature=not authority, content_commitment=not authority,
            key_encipherment=False, data_encipherment=False, key_agreement=False,
            key_cert_sign=authority, crl_sign=authority, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        signer = issuer.private if issuer else private
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - timedelta(days=30))
            .not_valid_after(self.now + timedelta(days=700))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
                critical=False,
            )
        )
        if statements:
            oid = ObjectIdentifier("1.3.6.1.5.5.7.1.3")
            builder = builder.add_extension(
                x509.UnrecognizedExtension(oid, statements), critical=False
            )
        return Issued(builder.sign(signer, hashes.SHA256()), private)


def _asn1(made: Issued) -> "keys.x509.Certificate":
    return keys.x509.Certificate.load(made.der)


def _statements(compliant: bool, secure: bool, seal: bool) -> bytes:
    from pyhanko.sign.ades.qualified_asn1 import QcCertificateType, QcStatements

    said: list[dict[str, object]] = []
    if compliant:
        said.append({"statement_id": "qc_compliance"})
    if secure:
        said.append({"statement_id": "qc_sscd"})
    kind = QcCertificateType(["qct_eseal" if seal else "qct_esign"])
    said.append({"statement_id": "qc_type", "statement_info": kind})
    return bytes(QcStatements(said).dump())


def _service(kind: str, der: bytes, status: str, since: datetime) -> str:
    return f"""<TSPService><ServiceInformation>
<ServiceTypeIdentifier>{_URI}/Svctype/{kind}</ServiceTypeIdentifier>
<ServiceName><Name xml:lang="fr">Service EXEMPLE {kind}</Name></ServiceName>
<ServiceDigitalIdentity><DigitalId><X509Certificate>{b64encode(der).decode()}</X509Certificate>
</DigitalId></ServiceDigitalIdentity>
<ServiceStatus>{_URI}/TrustedList/Svcstatus/{status}</ServiceStatus>
<StatusStartingTime>{_instant(since)}</StatusStartingTime>
</ServiceInformation></TSPService>"""


def _pointer(der: bytes, territory: str) -> str:
    return f"""<PointersToOtherTSL><OtherTSLPointer><ServiceDigitalIdentities>
<ServiceDigitalIdentity><DigitalId><X509Certificate>{b64encode(der).decode()}</X509Certificate>
</DigitalId></ServiceDigitalIdentity></ServiceDigitalIdentities>
<TSLLocation>https://listes.exemple/FR.xml</TSLLocation><AdditionalInformation>
<OtherInformation><SchemeTerritory>{territory}</SchemeTerritory></OtherInformation>
<OtherInformation><t:MimeType xmlns:t="{_TYPES}">application/vnd.etsi.tsl+xml</t:MimeType>
</OtherInformation></AdditionalInformation></OtherTSLPointer></PointersToOtherTSL>"""


def _page(territory: str, issued: datetime, until: datetime, pointers: str, services: str) -> str:
    providers = f"""<TrustServiceProviderList><TrustServiceProvider><TSPInformation><TSPName>
<Name xml:lang="fr">Prestataire EXEMPLE</Name></TSPName></TSPInformation>
<TSPServices>{services}</TSPServices></TrustServiceProvider></TrustServiceProviderList>"""
    return f"""<TrustServiceStatusList xmlns="{_TSL}" Id="liste" TSLTag="http://uri.etsi.org/19612/TSLTag">
<SchemeInformation><TSLVersionIdentifier>5</TSLVersionIdentifier>
<TSLSequenceNumber>1</TSLSequenceNumber><TSLType>{_URI}/TrustedList/TSLType/EUgeneric</TSLType>
<SchemeOperatorName><Name xml:lang="fr">Opérateur EXEMPLE</Name></SchemeOperatorName>
<SchemeInformationURI><URI xml:lang="fr">https://listes.exemple/</URI></SchemeInformationURI>
<SchemeTerritory>{territory}</SchemeTerritory>
<ListIssueDateTime>{_instant(issued)}</ListIssueDateTime>
<NextUpdate><dateTime>{_instant(until)}</dateTime></NextUpdate>{pointers}
</SchemeInformation>{providers if services else ""}</TrustServiceStatusList>"""


def _write(path: Path, page: str, operator: Issued) -> None:
    from signxml import DigestAlgorithm, methods
    from signxml.xades import XAdESSigner

    signer = XAdESSigner(
        method=methods.enveloped,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm="http://www.w3.org/2006/12/xml-c14n11",
    )
    root = etree.fromstring(page.encode())
    signed = signer.sign(root, key=operator.private, cert=[operator.certificate])
    path.write_bytes(etree.tostring(signed, encoding="utf-8", xml_declaration=True))


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
