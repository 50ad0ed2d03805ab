"""Property tests here draw the same examples every time: a failure in one run is a failure in all."""

from hypothesis import settings

settings.register_profile("fast", max_examples=60, deadline=None, derandomize=True, database=None)
settings.load_profile("fast")
