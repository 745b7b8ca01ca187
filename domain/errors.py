"""The tree of everything that can go wrong, each with a code that never changes.

    MingbaiError                     error
    ├── InputError                   input.invalid             the sender can mend what was sent
    │   ├── UnreadableFileError      input.unreadable_file     not an image, a PDF or a document we know; or damaged
    │   ├── FileTooLargeError        input.file_too_large      beyond the bounds on bytes, pixels, pages
    │   ├── PasswordProtectedError   input.password_protected  a locked PDF
    │   └── AmountError              input.amount              not an amount of money, or a negative one
    ├── NotFoundError                not_found                 no such claim, policy, document, …
    ├── ConflictError                conflict                  true once, but not now
    │   ├── KeyReusedError           conflict.key_reused       the same key came with another body
    │   ├── CallInProgressError      conflict.in_progress      the same call is being done at this moment
    │   ├── StaleVersionError        conflict.stale_version    somebody else saved first
    │   └── IllegalTransitionError   conflict.illegal_transition  a state machine forbids the move
    ├── NotAuthenticatedError        auth.missing              nobody is logged in
    ├── NotAllowedError              auth.forbidden            this role, or this amount, may not do that
    ├── OverloadedError              overloaded                try again after `retry_after_seconds`
    ├── UnavailableError             unavailable               likewise: the database is away, or full, or busy with something else
    ├── RuleBookError                rules.book                a rule file that does not pass its checks
    ├── ReaderError                  ocr.reader                a reading engine is missing or failed
    ├── ModelError                   risk.model                a risk model that is missing, damaged or of another shape
    ├── BankError                    bank                      the bank did not answer as agreed
    ├── MessageError                 message                   a gateway of messages did not take one
    └── SetupError                   setup                     something this machine lacks

A message names the thing and its value (`what`), and the way out (`way_out`).
Declining a claim is no error: it is a finding or a decision.
"""

from typing import ClassVar


class MingbaiError(Exception):
    """Anything this system reports as a failure: `what` happened, and the `way_out`."""

    code: ClassVar[str] = "error"

    def __init__(self, what: str, way_out: str = "") -> None:
        super().__init__(what, way_out)
        self.what = what
        self.way_out = way_out

    def __str__(self) -> str:
        return f"{self.what} | {self.way_out}" if self.way_out else self.what


class InputError(MingbaiError):
    """What was sent cannot be taken; the sender can mend it."""

    code = "input.invalid"

    def __init__(self, what: str, way_out: str = "", *, field: str = "", advice_zh: str = "") -> None:
        """`field` is a JSON pointer or a field name, when one is to blame; `advice_zh` is the way out in the customer's words."""
        super().__init__(what, way_out)
        self.field = field
        self.advice_zh = advice_zh


class UnreadableFileError(InputError):
    """A file that is no document we can open, or a damaged one."""

    code = "input.unreadable_file"


class FileTooLargeError(InputError):
    """A file beyond the bounds on bytes, pixels or pages."""

    code = "input.file_too_large"


class PasswordProtectedError(InputError):
    """A PDF that opens only with a password."""

    code = "input.password_protected"


class AmountError(InputError):
    """A text that is no amount of money, or an amount that may not be negative."""

    code = "input.amount"


class NotFoundError(MingbaiError):
    """No such thing, or none that the asker may see."""

    code = "not_found"


class ConflictError(MingbaiError):
    """The request was sound, but the world has moved on."""

    code = "conflict"


class KeyReusedError(ConflictError):
    """An idempotency key that came before with another body."""

    code = "conflict.key_reused"


class CallInProgressError(ConflictError):
    """A call with the same idempotency key is being done at this moment."""

    code = "conflict.in_progress"
    retry_after_seconds = 1


class StaleVersionError(ConflictError):
    """A save against a version that is no longer the newest."""

    code = "conflict.stale_version"


class IllegalTransitionError(ConflictError):
    """A move that the state machine does not have."""

    code = "conflict.illegal_transition"


class NotAuthenticatedError(MingbaiError):
    """Nobody is logged in, or the credential is unknown."""

    code = "auth.missing"


class NotAllowedError(MingbaiError):
    """Somebody is logged in who may not do this."""

    code = "auth.forbidden"


class UnavailableError(MingbaiError):
    """Nothing is wrong with what was asked: the database cannot be reached, or could not do it at this moment."""

    code = "unavailable"
    retry_after_seconds = 5


class OverloadedError(MingbaiError):
    """More work is waiting than can be taken now."""

    code = "overloaded"

    def __init__(self, what: str, way_out: str = "", *, retry_after_seconds: int = 30) -> None:
        super().__init__(what, way_out)
        self.retry_after_seconds = retry_after_seconds


class RuleBookError(MingbaiError):
    """A rule file that cannot be loaded or does not pass its checks."""

    code = "rules.book"


class ReaderError(MingbaiError):
    """A reading engine that is missing or failed."""

    code = "ocr.reader"


class ModelError(MingbaiError):
    """A risk model that is missing, damaged or of another shape than the features."""

    code = "risk.model"


class BankError(MingbaiError):
    """The bank did not answer as agreed; whether money moved is told by the payment's state."""

    code = "bank"


class MessageError(MingbaiError):
    """A gateway of messages did not take one; it is tried again."""

    code = "message"


class SetupError(MingbaiError):
    """Something this machine lacks; the way out is the command that mends it."""

    code = "setup"
