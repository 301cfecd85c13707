"""Places: the gazetteer of towns, suburbs and postal areas, and the questions one asks of it.

A runner writes "Barrhaven", "K1S 5B6", "Portland OR" or "Saint-Jérôme QC"; this feature says which
place on Earth that is, how far another lies from it, and what to suggest while she types.
"""
