"""What is sent in the demo is taken from signed-in users only, and goes nowhere but to the demo."""

import smtplib

import pytest

from tests.demo.conftest import ADDRESS, PASSWORD, Running

MESSAGE = b"From: robin@demo.example\r\nTo: x@far.example\r\nSubject: caf\xc3\xa9\r\n\r\n.dot\r\nend\r\n"


def test_sending_needs_the_password(demo: Running) -> None:
    with smtplib.SMTP("127.0.0.1", demo.servers.smtp_port) as client:
        with pytest.raises(smtplib.SMTPException):
            client.sendmail(ADDRESS, ["x@far.example"], MESSAGE)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login(ADDRESS, "another")
    assert not demo.accepted


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_signed_in_user_may_write_to_anyone(demo: Running, mechanism: str) -> None:
    with smtplib.SMTP("127.0.0.1", demo.servers.smtp_port) as client:
        client.ehlo()
        assert {"PLAIN", "LOGIN"} <= set(client.esmtp_features["auth"].split())
        client.esmtp_features["auth"] = mechanism
        client.login(ADDRESS, PASSWORD)
        client.sendmail(ADDRESS, ["x@far.example", "y@far.example"], MESSAGE)
    (mail,) = demo.accepted
    assert (mail.sender, mail.recipients) == (ADDRESS, ("x@far.example", "y@far.example"))
    assert mail.source == MESSAGE


def test_nobody_is_refused_so_that_refusals_can_be_seen(demo: Running) -> None:
    with smtplib.SMTP("127.0.0.1", demo.servers.smtp_port) as client:
        client.login(ADDRESS, PASSWORD)
        refused = client.sendmail(ADDRESS, ["nobody@far.example", "x@far.example"], MESSAGE)
    assert refused.keys() == {"nobody@far.example"}
    assert demo.accepted[0].recipients == ("x@far.example",)
