"""A stand-in for Stripe on this machine: the part of its HTTP API that the site uses, and its hosted pages.

The site does not know that it talks to a sandbox; only `STRIPE_API_BASE` differs. No money moves here.
What is asked is checked against the SDK's own parameter types, what is answered has the SDK's own resource
shapes, and every fault that the payment tests survive can be brought about with a knob.
"""
