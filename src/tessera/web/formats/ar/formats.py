# Without a comma, which would cut a sentence in two.
DATE_FORMAT = "j F Y"
