"""What is handed to a driver."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """One message in the receiver's language.

    `kind` says what for, `recipient` is a mobile number or an address. `id` is the same for every attempt, so that a
    gateway can tell a repetition.
    """

    id: str
    recipient: str
    kind: str
    language: str
    subject: str
    text: str
