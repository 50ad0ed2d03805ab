"""An office checks what was submitted: accepts it, or returns it once with all faults."""
