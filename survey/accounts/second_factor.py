"""The second factor: codes that an app on the phone makes from a shared secret (TOTP), and recovery codes.

Each takes a session of the write transaction where it changes something, plain values and `now`; none commits.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

import pyotp
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.models import RecoveryCode, RoleGrant, User
from survey.protection import CannotOpen, digits, keyed_hashes, opened, same, sealed
from survey.settings import Settings

log = logging.getLogger("survey.accounts")

SECONDS: Final = 30
DRIFT: Final = (0, -1, 1)
"""The time steps whose code is taken: the clock of a phone may be one step off."""
DIGITS: Final = 6
RECOVERY_CODES: Final = 10
RECOVERY_DIGITS: Final = 12
PURPOSE: Final = "recovery"


class StillNeeded(Exception):
    """People with a role in an office or at a provider cannot do without a second factor."""


def is_staff(session: Session, user_id: int) -> bool:
    """Whether the person holds a role outside firms, for which a second factor is enforced."""
    held = sa.select(RoleGrant.id).where(RoleGrant.user_id == user_id, RoleGrant.ended_at.is_(None)).limit(1)
    return session.scalar(held) is not None


def begin(settings: Settings, user_id: int) -> str:
    """A new secret, sealed for this person: it may lie in the browser until `confirm`."""
    return sealed(settings, f"{user_id}:{pyotp.random_base32()}")


def secret_in(settings: Settings, user_id: int, box: str) -> str | None:
    """The secret that `begin` made for this person."""
    try:
        whose, _, secret = opened(settings, box).partition(":")
    except CannotOpen:
        return None
    return secret if whose == str(user_id) else None


def address(secret: str, account: str, site: str) -> str:
    """What the app scans."""
    return pyotp.TOTP(secret, interval=SECONDS).provisioning_uri(name=account, issuer_name=site)


def confirm(
    session: Session, settings: Settings, user_id: int, box: str, code: str, now: datetime, *, replace: bool
) -> bool:
    """Keep the secret, now that its first code has come. `replace`: in the place of one that counts already.

    Somebody who has only given the first factor must not replace the second: then `replace` is False.
    """
    secret = secret_in(settings, user_id, box)
    step = _step_of(secret, code, now) if secret else None
    if secret is None or step is None:
        return False
    mine = sa.update(User).where(User.id == user_id, sa.true() if replace else User.totp_at.is_(None))
    values = {"totp_secret": sealed(settings, secret), "totp_at": now, "totp_step": step}
    return _changed(session, mine.values(values).returning(User.id))


def take(session: Session, settings: Settings, user_id: int, typed: str, now: datetime) -> str | None:
    """Use up a code: "totp" or "recovery" says which kind it was, None that it is wrong or was taken before."""
    if len(typed) == RECOVERY_DIGITS:
        return "recovery" if _take_recovery_code(session, settings, user_id, typed, now) else None
    return "totp" if _take_totp(session, settings, user_id, typed, now) else None


def _take_totp(session: Session, settings: Settings, user_id: int, code: str, now: datetime) -> bool:
    secret = _kept_secret(session, settings, user_id)
    step = _step_of(secret, code, now) if secret else None
    if step is None:
        return False
    # compared and set in one statement: two processes cannot both take a code
    later = sa.or_(User.totp_step.is_(None), User.totp_step < step)
    taken = sa.update(User).where(User.id == user_id, later).values(totp_step=step).returning(User.id)
    return _changed(session, taken)


def _take_recovery_code(session: Session, settings: Settings, user_id: int, code: str, now: datetime) -> bool:
    mine = sa.and_(
        RecoveryCode.user_id == user_id,
        RecoveryCode.used_at.is_(None),
        RecoveryCode.code_hash.in_(keyed_hashes(settings, PURPOSE, f"{user_id}:{code}")),
    )
    return _changed(session, sa.update(RecoveryCode).where(mine).values(used_at=now).returning(RecoveryCode.id))


def _changed(session: Session, statement: sa.Executable) -> bool:
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return done.first() is not None


def _kept_secret(session: Session, settings: Settings, user_id: int) -> str | None:
    box = session.scalar(sa.select(User.totp_secret).where(User.id == user_id, User.totp_at.is_not(None)))
    try:
        return opened(settings, box) if box else None
    except CannotOpen:
        log.exception("a second factor cannot be read: the secret key was changed without keeping the former one")
        return None


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, or None."""
    made, present = pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS), int(now.timestamp()) // SECONDS
    fitting = [present + drift for drift in DRIFT if code.isascii() and same(made.generate_otp(present + drift), code)]
    return fitting[0] if fitting else None


def new_recovery_codes(session: Session, settings: Settings, user_id: int, now: datetime) -> list[str]:
    """Ten new codes to be shown once; former ones are worth nothing any more."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [digits(RECOVERY_DIGITS) for _ in range(RECOVERY_CODES)]
    hashes = [keyed_hashes(settings, PURPOSE, f"{user_id}:{code}")[0] for code in codes]
    session.add_all(RecoveryCode(user_id=user_id, code_hash=each, made_at=now) for each in hashes)
    return codes


def recovery_codes_left(session: Session, user_id: int) -> int:
    """How many recovery codes are unused."""
    unused = sa.select(sa.func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def remove(session: Session, user_id: int) -> None:
    """Do without a second factor from now on. Raises StillNeeded for staff."""
    if is_staff(session, user_id):
        raise StillNeeded
    forget(session, user_id)


def forget(session: Session, user_id: int) -> None:
    """Take the factor away, for somebody whose phone is lost: at the next sign-in staff set up a new one."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    nothing = {"totp_secret": None, "totp_at": None, "totp_step": None}
    session.execute(sa.update(User).where(User.id == user_id).values(nothing))
