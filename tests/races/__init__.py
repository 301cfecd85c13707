"""Races between processes, each with a control that shows the race where the guard is off."""
