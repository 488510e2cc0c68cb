"""Key and certificate of the identity provider, as the files that xmlsec1 wants.

The key is the one that signs identity tokens. The certificate is made from it, always the same one: service providers
compare it byte by byte, and nothing more has to be kept.
"""

from __future__ import annotations

import atexit
import datetime as dt
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.conf import settings

_BEGINS, _ENDS = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2046, 1, 1, tzinfo=dt.UTC)


class Files(NamedTuple):
    """Where key and certificate lie, readable by this process's user only."""

    key: str
    certificate: str


@lru_cache(maxsize=4)
def files(pem: str) -> Files:
    """Write key and certificate into a folder of this process, which goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="tongwen-saml-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    key.touch(mode=0o600)
    key.write_text(pem + "\n")
    certificate.write_text(make_certificate(pem))
    return Files(str(key), str(certificate))


def current() -> Files:
    """Return those of the key that signs now."""
    return files(settings.OAUTH2_PROVIDER["OIDC_RSA_PRIVATE_KEY"])


def make_certificate(pem: str) -> str:
    """Return the certificate of a key (PEM): self-signed, and the same for the same key."""
    key = serialization.load_pem_private_key(pem.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101  config.env makes it so, or the setting says RSA.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tongwen identity provider")])
    public = key.public_key()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.SubjectKeyIdentifier.from_public_key(public).digest[0] + 1)
        .not_valid_before(_BEGINS)
        .not_valid_after(_ENDS)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()
