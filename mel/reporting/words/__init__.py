"""How is a number said in plain words? Catalogues of text by language, number formats and sentences. Nothing is computed here."""

from mel.reporting.words.catalogue import Words, words_in

__all__ = ["Words", "words_in"]
