"""Need -> ranked coaches with reasons: the score, the search table, the pages /, /match and /coaches."""
