"""Who somebody is: registration, codes, passwords, sign-in sessions."""
