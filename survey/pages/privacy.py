"""The version of the privacy notice. A change of its meaning is a new version; acceptances keep the old one."""

NOTICE_VERSION = "2026-11-01"
