"""The review page: a local web page on which people look at values beside the page that they stand on."""
