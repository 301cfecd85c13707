"""What the views of all features share: transactions, access, forms, errors, security headers, words and links."""
