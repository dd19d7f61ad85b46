"""What the engine can do, measured: `make bench` prints it and keeps it in docs/performance.md."""
