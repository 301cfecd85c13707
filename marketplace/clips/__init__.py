"""A runner's video: upload, check, play to the two people concerned, delete."""
