"""People: who they are, how they sign in, their roles, time zone and language, and what they agreed to."""
