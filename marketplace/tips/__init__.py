"""Tips: a runner says thank you with money, once for each completed booking; all of it is the coach's."""
