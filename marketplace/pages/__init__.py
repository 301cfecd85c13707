"""Pages that the law and people expect: terms, privacy, cancellation rules, how coaches are checked, contact."""
