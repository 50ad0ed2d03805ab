"""The version of the privacy notice that is in force; survey/privacy/notices.py tells all versions and what changed."""

NOTICE_VERSION = "2026-11-24"
