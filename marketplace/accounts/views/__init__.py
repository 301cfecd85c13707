"""Pages of an account: coming in, the account itself, API tokens."""

from marketplace.accounts.views import account, entry, mailed, tokens
from marketplace.accounts.views.shared import bp

__all__ = ["account", "bp", "entry", "mailed", "tokens"]
