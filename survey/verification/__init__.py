"""On-site verification: planning a visit, entering what was found, the firm's word, the second person's check."""
