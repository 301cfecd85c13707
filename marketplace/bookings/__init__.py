"""A runner's time with a coach, from hold to done."""
