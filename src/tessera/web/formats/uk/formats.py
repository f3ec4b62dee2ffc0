# Without the letter for "year", which would stand before the full stop of a sentence.
DATE_FORMAT = "j E Y"
