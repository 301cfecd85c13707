"""Calendars kept elsewhere: read for what a coach is busy with, written with her sessions, and a feed to subscribe to.

Nothing here is called while a page is shown. Addresses and passwords are sealed at rest; what is fetched is read by a
program of its own (`reader.py`) that has little time and memory. What a calendar says is kept as rows of `busy`.
"""
