"""A CAS server of the institution: the person logs in there and comes back with a ticket that is validated once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from tongwen.core import outbound
from tongwen.core.outbound import Deadline
from tongwen.domain.identity.services.sources.port import Configuration
from tongwen.domain.identity.types import Attributes, Denial, Denied, Redirection, Unavailable
from tongwen.standards import cas


@dataclass(frozen=True, slots=True)
class CASSource:
    """The state travels in the service's address, which the server keeps as it is (CAS 3.0, 2.1.1)."""

    configuration: Configuration

    def begin(self, callback_url: str, state: str, deadline: Deadline) -> Redirection:
        """Return the log-in page of the server."""
        deadline.left()
        service = f"{callback_url}?{urlencode({'state': state})}"
        url = cas.login_address(self.configuration.text("url"), service)
        return Redirection(url, {"service": service})

    def complete(
        self, callback_url: str, parameters: Mapping[str, str], kept: Mapping[str, str], deadline: Deadline
    ) -> Attributes:
        """Ask the server whose ticket it is; a ticket that was used before is refused there (2.5.1)."""
        del callback_url
        ticket = parameters.get("ticket", "")
        if not ticket:
            raise Denied(Denial.REFUSED)
        if not cas.is_ticket(ticket):
            raise Unavailable("answer", "what came back is no service ticket")
        version = cas.Version(self.configuration.text("version"))
        url = cas.validation_address(self.configuration.text("url"), kept["service"], ticket, version)
        return self._attributes(self._validated(url, version, deadline))

    def _validated(self, url: str, version: cas.Version, deadline: Deadline) -> cas.Success:
        try:
            answer = outbound.fetch("GET", url, deadline=deadline, trust=self.configuration.trust())
            if answer.status != 200:
                raise Unavailable("answer", f"the CAS server answered {answer.status}")
            said = cas.parse(answer.content, version)
        except outbound.OutboundFailed as failed:
            raise Unavailable(failed.reason, failed.detail) from None
        except cas.Malformed as error:
            raise Unavailable("answer", str(error)) from None
        if isinstance(said, cas.Failure):
            if said.code in {cas.FailureCode.INVALID_TICKET, cas.FailureCode.INVALID_TICKET_SPEC}:
                raise Denied(Denial.REFUSED)
            raise Unavailable("answer", f"the CAS server says {said.code[:60]}")
        return said

    def _attributes(self, said: cas.Success) -> Attributes:
        values = {name: "; ".join(of) for name, of in said.attributes.items()}
        asked = self.configuration.text("subject_attribute")
        subject = values.get(asked, "") if asked else said.user
        if not subject:
            raise Unavailable("answer", f"the answer does not hold {asked}, by which the person is known again")
        return Attributes(
            subject,
            values.get(self.configuration.text("name_attribute"), ""),
            values.get(self.configuration.text("email_attribute"), ""),
            values.get(self.configuration.text("category_attribute"), ""),
            everything={"user": said.user, **values},
        )
