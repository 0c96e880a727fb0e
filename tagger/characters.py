"""Classes of characters, as regular expressions that compile fast."""

# A word's character beyond Latin-1, but no number in a circle: in normalised reports that is [\u4e00-\u9fff], which
# takes re a millisecond to compile each time it stands in a pattern, and it would stand in eighty.
HAN = r"[^\W\x00-\xff①-⑳]"
