"""The coach's desk and the runner's home: screens over the features below, no rules of their own."""
