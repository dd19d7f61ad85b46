"""The desk: pages and an API over HTTP."""
