"""Staff's pages: what waits, complaints, disputes, money that did not move, orders, the books."""

from marketplace.admin.views import books, complaints, disputes, orders, waiting, words
from marketplace.admin.views.blueprint import bp

__all__ = ["books", "bp", "complaints", "disputes", "orders", "waiting", "words"]
