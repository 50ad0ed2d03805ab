"""What may be answered: instruments, their items and facts, and the cleaning of answers. Pure Python."""
