"""What people do with their accounts."""

from marketplace.accounts.service.account import (
    ask_for_address,
    by_email,
    change_address,
    change_password,
    close,
    edit,
    export,
)
from marketplace.accounts.service.entry import (
    Registration,
    ask_for_reset,
    ask_for_verification,
    begin_attempt,
    check_verifiable,
    count_mail,
    finish_attempt,
    register,
    reset_password,
    verify,
)
from marketplace.accounts.service.tokens import create_token, revoke_all, revoke_token

__all__ = [
    "Registration",
    "ask_for_address",
    "ask_for_reset",
    "ask_for_verification",
    "begin_attempt",
    "by_email",
    "change_address",
    "change_password",
    "check_verifiable",
    "close",
    "count_mail",
    "create_token",
    "edit",
    "export",
    "finish_attempt",
    "register",
    "reset_password",
    "revoke_all",
    "revoke_token",
    "verify",
]
