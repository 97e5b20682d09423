"""Counts in a text: what can be said of it without knowing its language."""

import unicodedata

# Reading aloud slowly and skimming lie far on both sides of it.
WORDS_PER_MINUTE = 230
SENTENCE_ENDS = frozenset(".!?\u3002\uff01\uff1f\u2026")
# Inside a word: of "don't" and of "well-known".
JOINERS = frozenset("'\u2019-")


def text_statistics(text):
    """The counts as a dictionary that JSON can carry."""
    words = split_words(text)
    lengths = [len(word) for word in words]
    sentences = count_sentences(text)
    return {
        "characters": len(text),
        "words": len(words),
        "distinctWords": len({word.casefold() for word in words}),
        "sentences": sentences,
        "paragraphs": sum(1 for part in text.split("\n\n") if part.strip()),
        "longestWord": max(words, key=len, default=""),
        "meanWordLength": rounded(sum(lengths), len(words)),
        "meanSentenceLength": rounded(len(words), sentences),
        "readingSeconds": -(-len(words) * 60 // WORDS_PER_MINUTE),
    }


def split_words(text):
    """Runs of letters, marks and numbers, with single joiners inside them."""
    words, current = [], ""
    for character in text + " ":
        if unicodedata.category(character)[0] in "LMN" or (character in JOINERS and current[-1:].isalnum()):
            current += character
        elif current:
            words.append(current.rstrip("".join(JOINERS)))
            current = ""
    return [word for word in words if word]


def count_sentences(text):
    """Ends that follow something, and what is left after the last one."""
    count, inside = 0, False
    for character in text:
        if character in SENTENCE_ENDS:
            count += inside
            inside = False
        elif character.isalnum():
            inside = True
    return count + inside


def rounded(total, count):
    return round(total / count, 2) if count else 0
