"""Certificates for the servers of this room's tests."""

import ssl

import pytest

from mailtui.model.secret import Secret
from tests.servers.certificates import Certificates, Leaf, make_certificates


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def password() -> Secret:
    return Secret("alice-pass")


def server_context(leaf: Leaf) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(leaf.certificate, leaf.key)
    return context
