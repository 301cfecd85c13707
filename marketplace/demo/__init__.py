"""What `make demo` needs and production never turns on: the sample town, the mailbox, the start of all processes."""
