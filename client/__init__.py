"""How programs reach the cases: settings, keys, opaque ids, encryption, connection, the embedded server."""
