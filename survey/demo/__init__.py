"""The demonstration: a city of invented firms, loaded through the site's own actions, served on this machine alone."""
