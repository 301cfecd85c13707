"""What we know of running form, as data: issues, drills, red flags, filming, goals; and a runner's words -> Need.

`catalogue` reads the facts, `need` reads stories. Pure: no tables, no Flask. A coaching aid, never a diagnosis.
"""
