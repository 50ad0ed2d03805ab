"""One runnable file per claim of the README's performance table: `python -m benchmarks.NAME`."""
