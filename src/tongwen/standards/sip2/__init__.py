"""The Standard Interchange Protocol 2.00: messages between a library system and whoever asks it about a patron.

Written strictly, read leniently. What library systems do in ways of their own is a frozen `Dialect`.
"""

from tongwen.standards.sip2.answers import Patron, is_logged_in, patron, status
from tongwen.standards.sip2.dialects import DIALECTS, STANDARD, Dialect, Question
from tongwen.standards.sip2.message import BadChecksum, Malformed, Message, Unsendable, decode, encode
from tongwen.standards.sip2.requests import login, patron_information, patron_status, resend, sc_status

__all__ = [
    "DIALECTS",
    "STANDARD",
    "BadChecksum",
    "Dialect",
    "Malformed",
    "Message",
    "Patron",
    "Question",
    "Unsendable",
    "decode",
    "encode",
    "is_logged_in",
    "login",
    "patron",
    "patron_information",
    "patron_status",
    "resend",
    "sc_status",
    "status",
]
