"""The invented people and lists of the demo. All domains are reserved for examples (RFC 2606)."""

from dataclasses import dataclass
from datetime import timedelta, timezone, tzinfo
from email.utils import parseaddr


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who writes. `hours` is their distance from UTC; `signature` goes below first messages."""

    key: str
    name: str
    address: str
    hours: int = 0
    signature: str = ""

    @property
    def zone(self) -> tzinfo:
        return timezone(timedelta(hours=self.hours))

    @property
    def first(self) -> str:
        return self.name.split()[0]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class MailingList:
    """A list that people write to; its mail carries RFC 2369 and RFC 2919 fields."""

    key: str
    title: str
    address: str

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        local, _, domain = self.address.partition("@")
        return (
            ("List-Id", f"{self.title} <{local}.{domain}>"),
            ("List-Post", f"<mailto:{self.address}>"),
            ("List-Unsubscribe", f"<mailto:{local}-leave@{domain}>, <https://lists.{domain}/leave/{local}>"),
            ("List-Archive", f"<https://lists.{domain}/archive/{local}>"),
            ("Precedence", "list"),
        )


WORK = Person("work", "Robin Hale", "robin@tidewater.example")
HOME = Person("home", "Robin Hale", "robin@hale.example")

_PEOPLE = (
    WORK,
    HOME,
    Person("mailtui", "mailtui", "hello@mailtui.example"),
    # Tidewater Instruments, who build a tide gauge called Petrel
    Person("ines", "Ines Carvalho", "ines@tidewater.example", 0, "Ines Carvalho · firmware · Tidewater"),
    Person(
        "jurgen", "Jürgen Weiß", "juergen.weiss@tidewater.example", 1, "Jürgen Weiß\nTidewater Instruments"
    ),
    Person("priya", "Priya Raman", "priya@tidewater.example", 0),
    Person("tom", "Tom Okafor", "tom@tidewater.example", 0, "Tom Okafor\nmoney, contracts, biscuits"),
    Person("soren", "Søren Kierulf", "soren@tidewater.example", 1, "Søren · in the field, answers slowly"),
    Person("builds", "Tidewater builds", "builds@ci.tidewater.example"),
    Person("backup", "Backup on gannet", "root@gannet.tidewater.example"),
    # partners and customers
    Person("misaki", "田中 美咲", "tanaka@hakodate-port.example", 9, "田中 美咲\n函館港 観測係"),
    Person("olena", "Олена Шевченко", "olena@odesa-harbour.example", 2),
    Person("layla", "ليلى حداد", "layla@alexandria-coast.example", 2),
    Person("harbourmaster", "Skerra Harbour Office", "office@skerra-harbour.example"),
    Person("hosting", "Northwall Hosting", "billing@northwall.example"),
    Person("kasia", "Kasia Nowak", "kasia@coastdata.example", 1),
    Person("ben", "Ben Achterberg", "ben@polder.example", 1),
    Person("wren", "Wren Oduya", "wren@oduya.example", 0),
    Person("matthias", "Matthias Blum", "mblum@pegelwerk.example", 1),
    Person("hana", "Hana Sato", "hana@sensorlab.example", 9),
    Person("gil", "Gil Pereira", "gil@estuary.example", 0),
    Person("edda", "Edda Jónsdóttir", "edda@hafnar.example", 0),
    Person("postmaster", "Mail Delivery System", "mailer-daemon@mail.tidewater.example"),
    # family, friends, neighbours
    Person("maya", "Maya Hale", "maya@hale.example", 0),
    Person("mum", "Elena Hale", "elena@hale.example", 0),
    Person("dad", "Peter Hale", "peter@hale.example", 0),
    Person("luis", "Luis Ortega", "luis@ortega.example", 1),
    Person("zoe", "Zoë Müller", "zoe@kiezpost.example", 1, "Zoë"),
    Person("noa", "נועה לוי", "noa@levi.example", 2),
    Person("pettifer", "G. Pettifer", "g.pettifer@lettings.example"),
    Person("amara", "Amara Bell", "amara@choir.example"),
    Person("cedric", "Cedric Vane", "cedric@vane.example"),
    Person("dora", "Dora Lindqvist", "dora@allotments.example"),
    Person("joss", "Joss Fairweather", "joss@wheelers.example"),
    Person("nkechi", "Nkechi Brown", "nkechi@wheelers.example"),
    Person("library", "St Brannock Library", "loans@library.example"),
    Person("railway", "Atlantic Rail", "tickets@atlantic-rail.example", 1),
    Person("casa", "Casa do Elétrico", "ola@casa-eletrico.example", 0),
    Person("dentist", "Quay Street Dental", "reminders@quaydental.example"),
)

PEOPLE = {person.key: person for person in _PEOPLE}
BY_ADDRESS = {person.address: person for person in _PEOPLE}


def person(words: str) -> Person:
    """Someone by key, or made up on the spot from "Name <address>"."""
    if words in PEOPLE:
        return PEOPLE[words]
    name, address = parseaddr(words)
    if "@" not in address:
        raise ValueError(f"nobody: {words!r}")
    return Person(address, name, address)


_LISTS = (
    MailingList("sensors-dev", "Petrel sensors, development", "sensors-dev@tidewater.example"),
    MailingList("tide-users", "People who measure tides", "tide-users@coastdata.example"),
    MailingList("choir", "St Brannock Singers", "singers@choir.example"),
    MailingList("wheelers", "Harbour Wheelers", "rides@wheelers.example"),
)
LISTS = {each.key: each for each in _LISTS}
LISTS_BY_ADDRESS = {each.address: each for each in _LISTS}
