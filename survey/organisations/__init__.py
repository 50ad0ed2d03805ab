"""The firm: entering it, its own pages, its yearly figures, its industry and its size class."""
