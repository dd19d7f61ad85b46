"""Made-up cases that are fast-forwarded on a real server: for learning, and for the README's picture."""
