"""Which wording of terms and privacy is in force; raised when either changes in substance."""

from datetime import date

TERMS_VERSION = "2026-11"
IN_FORCE_ON = date(2026, 11, 23)
