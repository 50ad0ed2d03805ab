"""Personal data: notices, consents, copies, closing, retention."""
