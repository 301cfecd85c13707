"""Money, with the whole site running: web servers, worker, Stripe sandbox and mailbox as processes of their own."""
