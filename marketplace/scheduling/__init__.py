"""When a coach works and what is taken: weekly hours, exceptions, visits and the minutes they claim.

What is bookable is decided by `openings.py` alone, for showing and for committing alike.
"""
