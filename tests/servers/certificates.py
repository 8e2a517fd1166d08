"""A certificate authority of our own, made with the openssl command line, and leaves both good and bad."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
_NAMES = "DNS:localhost,DNS:mail.example.test,IP:127.0.0.1,IP:::1"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A server certificate and its key, both PEM files."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Certificates:
    """What `make_certificates` wrote: clients under test trust `ca` and nothing else."""

    ca: Path
    good: Leaf
    wrong_name: Leaf
    expired: Leaf
    self_signed: Leaf


def make_certificates(directory: Path) -> Certificates:
    """Write a CA and four leaves into `directory` (about 150 ms). The keys are worth nothing, so
    they are readable by the ordinary user that a server drops to."""
    directory.mkdir(parents=True, exist_ok=True)
    ca, ca_key = directory / "ca.pem", directory / "ca.key"
    authority = ("basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign")
    _self_signed(ca, ca_key, "mailtui test CA", authority)
    alone = Leaf(directory / "self.pem", directory / "self.key")
    _self_signed(alone.certificate, alone.key, "localhost", (f"subjectAltName={_NAMES}",))
    made = Certificates(
        ca=ca,
        good=_leaf(directory, "good", _NAMES, days=3650),
        wrong_name=_leaf(directory, "wrong", "DNS:mail.attacker.example", days=3650),
        expired=_leaf(directory, "expired", _NAMES, days=-1),
        self_signed=alone,
    )
    for file in directory.iterdir():
        file.chmod(0o644)
    return made


def _self_signed(certificate: Path, key: Path, name: str, extensions: tuple[str, ...]) -> None:
    extras = [word for extension in extensions for word in ("-addext", extension)]
    _openssl(
        *("req", "-x509", *_EC, "-keyout", str(key), "-out", str(certificate)),
        *("-days", "3650", "-subj", f"/CN={name}", *extras),
    )


def _leaf(directory: Path, name: str, alternatives: str, *, days: int) -> Leaf:
    leaf = Leaf(directory / f"{name}.pem", directory / f"{name}.key")
    request, extensions = directory / f"{name}.csr", directory / f"{name}.ext"
    _openssl("req", *_EC, "-keyout", str(leaf.key), "-out", str(request), "-subj", f"/CN={name}")
    extensions.write_text(
        f"subjectAltName={alternatives}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n"
        "keyUsage=digitalSignature\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n"
    )
    _openssl(
        *("x509", "-req", "-in", str(request), "-CA", str(directory / "ca.pem")),
        *("-CAkey", str(directory / "ca.key"), "-CAcreateserial", "-days", str(days)),
        *("-extfile", str(extensions), "-out", str(leaf.certificate)),
    )
    return leaf


def _openssl(*words: str) -> None:
    run = subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(f"openssl {words[0]} failed: {run.stderr.strip()}")
