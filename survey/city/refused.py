"""What the city's pages refuse beside the fields themselves."""


class ChangeRefused(Exception):
    """The change cannot be made; `field` names the control, `str()` says why and what to do."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field
