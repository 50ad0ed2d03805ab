"""The record of deeds: sealing it, checking it, reading it."""
