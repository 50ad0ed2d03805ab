"""Photos and files that prove answers: brought from a phone, kept without location, shown to who may see them."""
