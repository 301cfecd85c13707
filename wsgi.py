"""What a WSGI server serves: `granian --interface wsgi wsgi:app`."""

import ctypes
import gc

from marketplace import create_app
from marketplace.knowledge.need.lexicon import lexicon
from marketplace.matching import counting
from marketplace.settings import read_settings

if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):  # where the C library is glibc
    mallopt(-8, 1)  # M_ARENA_MAX: threads that take turns need no heap each, which only grow
app = create_app(read_settings())
counting.start_thread(app)
lexicon()  # half a second that no first visitor shall wait
gc.collect()
gc.freeze()  # what is made by now stays: no need to look through it again and again
if app.extensions["settings"].worker_in_web:
    from marketplace.worker import start_thread

    start_thread(app)
