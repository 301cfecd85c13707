"""Pages to read: a town's coaches in numbers, what is known of a form problem, and what search engines are told."""
