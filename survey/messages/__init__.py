"""Messages to people outside the site: put into the outbox with the deed, delivered by the worker."""
