"""Writes the vocabulary and the tokens that TextTests.swift compares with.

    pip install tiktoken==0.14.0 tokenizers==0.23.3 regex scikit-learn
    python3 make_goldens.py

Goldens/text.txt is the text that Hugging Face's trainer learns from; vocab.json and merges.txt are what it
saves, own.tiktoken is the same for tiktoken. Goldens/encoded.txt has a JSON object on each line: a text, its pieces
by GPT-2's pattern (Python's `regex`), and its tokens, for which tokenizers and tiktoken agree.
"""

import base64
import json
import os
import random

import regex
import tiktoken
import tokenizers
from tokenizers import models, pre_tokenizers, trainers

assert tokenizers.__version__ == "0.23.3" and tiktoken.__version__ == "0.14.0"
PATTERN = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Goldens")

TEXT = """The quick brown fox jumps over the lazy dog. The dog doesn't mind; it's asleep, they're awake, we've seen it all.
def total(values):
    result = 0
    for value in values:
        result += value * 2  # twice
    return result

Die Straße nach Köln ist länger als die Straße nach Aachen. Où est la bibliothèque ? Там, где рождаются реки.
「こんにちは、世界」と言いました。你好，世界！ 👩‍👩‍👧 🎉🎉 ½ of 1,234.50 € is 617.25 €.
while (index < count) { total += values[index++]; }   // the values, all of the values
The other dog's tail, I'll say, wasn't the tail of the fox. The fox'd say otherwise.
"""

CASES = [
    "", " ", "  ", "   a", "a   ", "a  b", "\n", "\n\n a", " \n", "a\n\n\nb", "\t\tx = 1\r\n", "'", "''", "'s", "''s",
    "it's 'tis I'LL i'll we're we've he'd 'dog 'mother 'r 've'", "don't'd", "é e\u0301 ½ Ⅻ ² ١٢٣ 12ab34",
    "a\u00a0b", "a\u3000 b", "x\u2028\u2029y", "\u0085z", "_a_b_", "...!!! ?", " ?!a", "$1,000.00", "<|endoftext|>",
    "👩‍👩‍👧🎉 🎉", "𝒳𝒴 𝟙𝟚 𐍈", "世界 こんにちは", "The dog of the values", "a" * 300, " " * 40 + "x", "🎉" * 20,
    "naïve Straße\tКölner", "\u200b\u200d\ufeff", "\u0000\u0001 \u007f", "\U0010ffff\ue000",
]


def mixed(seed):
    """A text of random characters of many kinds."""
    generator = random.Random(seed)
    kinds = ["aeinst", "AEß", "0123", "½²", " ", "  ", "\n", "\t", "\u00a0\u3000", "'", ".,;:!?", "世界", "🎉👩", "éü", "'s", "'ll", "\u0301"]
    return "".join(generator.choice(generator.choice(kinds)) for _ in range(400))


trainer = trainers.BpeTrainer(
    vocab_size=420, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
)
tokenizer = tokenizers.Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
tokenizer.train_from_iterator([TEXT], trainer)
os.makedirs(FOLDER, exist_ok=True)
tokenizer.model.save(FOLDER)
with open(os.path.join(FOLDER, "text.txt"), "w", newline="") as file:
    file.write(TEXT)

byte_of = {}
visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
for byte in visible:
    byte_of[chr(byte)] = byte
for place, byte in enumerate(b for b in range(256) if b not in visible):
    byte_of[chr(256 + place)] = byte
ranks = {bytes(byte_of[c] for c in token): number for token, number in tokenizer.get_vocab().items()}
with open(os.path.join(FOLDER, "own.tiktoken"), "wb") as file:
    for token, number in sorted(ranks.items(), key=lambda item: item[1]):
        file.write(base64.b64encode(token) + b" " + str(number).encode() + b"\n")
encoding = tiktoken.Encoding("own", pat_str=PATTERN, mergeable_ranks=ranks, special_tokens={})

with open(os.path.join(FOLDER, "encoded.txt"), "w") as file:
    for text in CASES + [TEXT] + [mixed(seed) for seed in range(6)]:
        pieces, tokens = regex.findall(PATTERN, text), encoding.encode_ordinary(text)
        assert "".join(pieces) == text
        assert tokens == tokenizer.encode(text).ids, (text, tokens)
        line = {"text": text, "pieces": pieces, "tokens": tokens}
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
