"""The coach's answer to a clip: findings with what she sees, a cue and drills, delivered as a report."""
