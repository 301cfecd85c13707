"""Which terms and privacy page is in force; what people accept is kept with this version and the instant. Pure.

Raise the version with every change of meaning, in both languages.
"""

from datetime import date

TERMS_VERSION = "2"
IN_FORCE_SINCE = date(2026, 11, 26)
