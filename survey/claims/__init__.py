"""Who may act for a firm: codes, letters, disputes."""
