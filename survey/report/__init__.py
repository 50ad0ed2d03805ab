"""The report: the page and the PDF of one submission, both drawn from the same `content.Report`."""
