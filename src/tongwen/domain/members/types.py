"""The vocabulary of membership: institutions, sharing domains, services, applications."""

from __future__ import annotations

import datetime as dt
import enum
import ipaddress
from dataclasses import dataclass
from typing import NamedTuple

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class InstitutionType(enum.StrEnum):
    """What kind of library a member runs."""

    UNIVERSITY = "university"
    COLLEGE = "college"
    VOCATIONAL = "vocational"
    PUBLIC = "public"
    SPECIAL = "special"
    RESEARCH = "research"
    SCHOOL = "school"


class MemberTier(enum.StrEnum):
    """What a member is within the consortium's structure of centres."""

    NATIONAL_CENTRE = "national_centre"
    REGIONAL_CENTRE = "regional_centre"
    PROVINCIAL_CENTRE = "provincial_centre"
    MEMBER = "member"


class InstitutionStatus(enum.StrEnum):
    """Whether a member takes part: a suspended one keeps its data and loses its services; a closed one is history."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Region(enum.StrEnum):
    """The great regions, the first digit of GB/T 2260."""

    NORTH = "north"
    NORTHEAST = "northeast"
    EAST = "east"
    CENTRAL_SOUTH = "central_south"
    SOUTHWEST = "southwest"
    NORTHWEST = "northwest"
    TAIWAN = "taiwan"
    HONG_KONG_MACAO = "hong_kong_macao"


class SharingDomainKind(enum.StrEnum):
    """What holds a sharing domain (共享域) together."""

    PROVINCE = "province"
    CITY = "city"
    PARK = "park"
    OPEN_UNIVERSITY = "open_university"
    ALLIANCE = "alliance"


class Service(enum.StrEnum):
    """What a member may subscribe to."""

    CATALOGUE = "catalogue"
    CATALOGUING = "cataloguing"
    DISCOVERY = "discovery"
    ILL = "ill"
    LINK_RESOLVER = "link_resolver"
    KNOWLEDGE_BASE = "knowledge_base"
    JOURNALS = "journals"
    FULL_TEXT = "full_text"
    ORDERING = "ordering"
    THESES = "theses"
    REPOSITORY = "repository"
    SPECIAL_COLLECTIONS = "special_collections"
    RARE_BOOKS = "rare_books"
    RESERVES = "reserves"
    REFERENCE = "reference"
    EXCHANGE = "exchange"
    DRIVE = "drive"
    TRAINING = "training"


class ServiceReason(enum.StrEnum):
    """Why a service is open to a member, or why not."""

    OPEN = "open"
    NOT_SUBSCRIBED = "not_subscribed"
    NOT_BEGUN = "not_begun"
    ENDED = "ended"
    SWITCHED_OFF = "switched_off"
    SUSPENDED = "suspended"


class CalendarKind(enum.StrEnum):
    """What an entry of a calendar says of its days."""

    VACATION = "vacation"
    CLOSED = "closed_days"
    OPEN = "open_days"
    SPECIAL_HOURS = "special_hours"

    @property
    def is_open(self) -> bool:
        """Tell whether the library works on such days."""
        return self in (CalendarKind.OPEN, CalendarKind.SPECIAL_HOURS)


class ApplicationState(enum.StrEnum):
    """Where an application for membership stands."""

    SUBMITTED = "submitted"
    ASKED_BACK = "asked_back"
    ANSWERED = "answered"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def is_decided(self) -> bool:
        """Tell whether nothing more can happen to it."""
        return self in (ApplicationState.APPROVED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN)


class ApplicationStep(enum.StrEnum):
    """What somebody does with an application."""

    SUBMIT = "submit"
    ASK_BACK = "ask_back"
    ANSWER = "answer"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


class UnknownInstitution(LookupError):
    """No institution has this code."""


class UnknownSharingDomain(LookupError):
    """No sharing domain has this number."""


class UnknownApplication(LookupError):
    """No application has this number or secret link, or it is not this centre's."""


class NotPossibleNow(ValueError):
    """An application does not allow this step in its state; `state` says where it stands."""

    def __init__(self, state: ApplicationState, step: ApplicationStep) -> None:
        super().__init__(f"an application that is {state.value} does not allow: {step.value}")
        self.state, self.step = state, step


class NeverOpen(LookupError):
    """The calendar has no working day within the horizon."""


class Problem(NamedTuple):
    """What is wrong with something entered: the field, a code that pages put into words, and what the words need.

    `row` is the line of a file, 0 where there is none.
    """

    field: str
    code: str
    detail: str = ""
    row: int = 0


class BadFacts(ValueError):
    """Something entered is not right; nothing was changed. `problems` has one entry for each thing to put right."""

    def __init__(self, *problems: Problem) -> None:
        said = (f"{one.field}: {one.code.replace('_', ' ')} {one.detail}".strip() for one in problems)
        super().__init__("; ".join(said))
        self.problems = problems


class Named:
    """What has a name in the three languages of the interface."""

    __slots__ = ()
    name_zh: str
    name_zh_hant: str
    name_en: str

    def name(self, language: str) -> str:
        """Return the name in an interface language (`zh-hans`, `zh-hant`, `en`)."""
        if language.startswith("en"):
            return self.name_en
        return self.name_zh_hant if language == "zh-hant" else self.name_zh


class Welcome(NamedTuple):
    """The text on the home page of a portal, in three languages; "" where it has none of its own."""

    zh: str = ""
    zh_hant: str = ""
    en: str = ""

    def text(self, language: str) -> str:
        """Return the text in an interface language; one that lacks is taken from the first that there is."""
        own = self.en if language.startswith("en") else self.zh_hant if language == "zh-hant" else self.zh
        return own or self.zh or self.zh_hant or self.en


class Look(NamedTuple):
    """What a portal looks like: two colours (`#14566b`, "" for the installation's) and the digest of the logo."""

    colour: str = ""
    accent: str = ""
    logo: str = ""


NO_WELCOME, PLAIN = Welcome(), Look()


@dataclass(frozen=True, slots=True)
class Institution(Named):
    """A member library. `id` is small and dense: the search index stores it."""

    id: int
    code: str
    name_zh: str
    name_zh_hant: str
    name_en: str
    type: InstitutionType
    province: str
    """Province by its GB/T 2260 code, six digits (`320000`)."""
    city: str
    """City by its GB/T 2260 code, six digits (`320100`)."""
    isil: str = ""
    tier: MemberTier = MemberTier.MEMBER
    status: InstitutionStatus = InstitutionStatus.ACTIVE
    homepage: str = ""
    contact_mail: str = ""
    contact_phone: str = ""
    open_weekdays: str = "12345"
    """ISO weekdays on which it works, 1 Monday to 7 Sunday."""
    host_name: str = ""
    welcome: Welcome = NO_WELCOME
    look: Look = PLAIN
    forms: tuple[str, ...] = ()
    """Folded names, pinyin and initials by which it is found."""

    @property
    def region(self) -> Region:
        """Return the great region of its province."""
        return tuple(Region)[int(self.province[0]) - 1]


@dataclass(frozen=True, slots=True)
class Place(Named):
    """A province or city of GB/T 2260 with its names."""

    code: str
    name_zh: str
    name_zh_hant: str
    name_en: str


@dataclass(frozen=True, slots=True)
class SharingDomain(Named):
    id: int
    code: str
    name_zh: str
    name_zh_hant: str
    name_en: str
    kind: SharingDomainKind
    institution_ids: tuple[int, ...] = ()
    place: str = ""
    """Province or city that it serves, by its GB/T 2260 code."""
    centre_id: int | None = None
    """The institution that is responsible; None where the national centre is."""
    host_name: str = ""
    welcome: Welcome = NO_WELCOME
    look: Look = PLAIN
    switched_off: frozenset[Service] = frozenset()


class Portal(NamedTuple):
    """Whose portal a host name is: an institution's or a sharing domain's."""

    owner: Institution | SharingDomain

    @property
    def kind(self) -> str:
        """Return `library` or `domain`, as it stands in addresses."""
        return "library" if isinstance(self.owner, Institution) else "domain"


class Subscription(NamedTuple):
    """A period in which a member has a service; `ends_on` is its last day, None without an end."""

    institution_id: int
    service: Service
    begins_on: dt.date
    ends_on: dt.date | None = None
    id: int = 0


class ServiceOutcome(NamedTuple):
    """Whether a service is open to a member, and why. `on` is the day it begins or ended."""

    service: Service
    reason: ServiceReason
    on: dt.date | None = None
    switched_off_by: tuple[SharingDomain, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether the service may be used."""
        return self.reason is ServiceReason.OPEN


class CalendarEntry(NamedTuple):
    """Days of a library's calendar, both ends included."""

    begins_on: dt.date
    ends_on: dt.date
    kind: CalendarKind
    label: str = ""
    id: int = 0


class AddressRange(NamedTuple):
    """A network of an institution, always whole (no host bits)."""

    network: Network
    institution_id: int
    id: int = 0


class Overlap(NamedTuple):
    """A network that lies within, around or upon one of another institution."""

    network: Network
    other: Network
    institution_id: int


class Candidate(NamedTuple):
    """What a library says of itself when it applies for membership."""

    name_zh: str
    name_zh_hant: str
    name_en: str
    type: InstitutionType
    city: str
    contact_name: str
    contact_mail: str
    contact_phone: str = ""
    isil: str = ""
    homepage: str = ""
    services: tuple[Service, ...] = ()
    message: str = ""
    language: str = ""
    """The interface language in which the applicant is written to (`zh-hans`)."""

    @property
    def province(self) -> str:
        """Return the province in which its city lies."""
        return self.city[:2] + "0000"


class ApplicationEvent(NamedTuple):
    """One step of an application. `actor` is "" for the applicant."""

    at: dt.datetime
    actor: str
    step: ApplicationStep
    text: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """An application for membership with its history, oldest step first."""

    id: int
    number: str
    """The receipt number, told to the applicant (`M-2026-000012`)."""
    state: ApplicationState
    candidate: Candidate
    submitted_at: dt.datetime
    changed_at: dt.datetime
    events: tuple[ApplicationEvent, ...] = ()
    institution_id: int | None = None


class Receipt(NamedTuple):
    """What an applicant gets: the number to speak of, and the secret of her status page (never stored)."""

    number: str
    secret: str


class Admission(NamedTuple):
    """What approving an application entered."""

    institution_id: int
    application: Application


class ApplicationMoved(NamedTuple):
    """Event: an application took a step (told after the commit)."""

    application_id: int
    step: ApplicationStep


class RowChange(NamedTuple):
    """What an import would do with one row: `fields` are (field, before, after), empty for a new or unchanged one."""

    row: int
    code: str
    name: str
    outcome: str
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import of members did, or would do: all rows or none."""

    rows: tuple[RowChange, ...] = ()
    problems: tuple[Problem, ...] = ()
    charset: str = "utf-8"

    def count(self, outcome: str) -> int:
        """Return how many rows are `new`, `changed` or `unchanged`."""
        return sum(one.outcome == outcome for one in self.rows)


class InstitutionFacts(NamedTuple):
    """What a centre enters of a member, as it was typed."""

    code: str
    name_zh: str
    name_zh_hant: str
    name_en: str
    type: str
    city: str
    isil: str = ""
    tier: str = "member"
    homepage: str = ""
    contact_mail: str = ""
    contact_phone: str = ""
    host_name: str = ""


class OwnFacts(NamedTuple):
    """What a member's own administrator enters, as it was typed."""

    name_zh_hant: str
    name_en: str
    homepage: str = ""
    contact_mail: str = ""
    contact_phone: str = ""
    open_weekdays: str = "12345"
    colour: str = ""
    accent: str = ""
    welcome: Welcome = Welcome()


class DomainFacts(NamedTuple):
    """What is entered of a sharing domain, as it was typed. `centre` is the code of an institution or ""."""

    code: str
    name_zh: str
    name_zh_hant: str
    name_en: str
    kind: str
    place: str = ""
    centre: str = ""
    host_name: str = ""
    colour: str = ""
    accent: str = ""
    welcome: Welcome = Welcome()
    switched_off: tuple[str, ...] = ()
