"""Pages that everybody may read, the navigation, and the switch of the view."""
