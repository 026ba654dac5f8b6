"""Text as identity needs it: words, sentences, and what a reader sees of a file. Pure, total and linear in the input.

Layout must not matter and wording must: two texts agree when the letters of their words agree (`letters`), however
they are wrapped, quoted, hyphenated at line ends or framed as a comment.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple, cast


class Word(NamedTuple):
    """A normalized word and the line it stands on, counted from 1."""

    text: str
    line: int


class _Lazy:
    """A pattern that is compiled when it is first used: a run needs few of these."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self._pattern, self._flags), name)
        setattr(self, name, value)
        return value


def _lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    return cast("re.Pattern[str]", _Lazy(pattern, flags))


_WORD = re.compile(r"[^\W_]+")
# From kana to the last ideograph, one character is one word.
_IDEOGRAPH = re.compile("[\u3040-\u9fff]")
# A soft hyphen, a zero-width or a direction mark is no part of a word.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
# Bounded runs: ordering a long run of combining marks costs the square of its length.
_FOREIGN = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]{1,64}")
# A URL that ends a line with a hyphen goes on in the next line, behind the frame of a comment.
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'\])}]+(?:(?<=-)[ \t]*+\n[ \t#*/>;]*+[^\s<>\"'\])}]+)*", re.IGNORECASE)
_REMARK = re.compile(r"^[ \t#*/>;-]*+(?>(?:@?REM\b[ \t]*+)+)", re.MULTILINE)
_LINK_TARGET = re.compile(r"\]\((?=[^()\s]*[./#])[^()\s]*+\)")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_NAME = r"[^\s=<>\"'/{}]++"
_VALUE = r"=(?:\"[^\"<>]*+\"|'[^'<>]*+'|\{(?>(?:[^{}]|\{[^{}]*+\})*)\}|[^\s\"'<>{}=]++)"
_ATTRIBUTES = rf"(?>(?:\s++{_NAME}(?:{_VALUE})?)*)\s*+/?>"
_ELEMENTS = (
    "a|abbr|article|b|big|blockquote|body|br|center|cite|code|dd|del|details|div|dl|dt|em|figure|font|footer|h[1-6]|"
    "head|header|hr|html|i|img|ins|kbd|li|link|main|meta|nav|ol|p|pre|s|section|small|span|strong|style|sub|summary|"
    "sup|table|tbody|td|th|thead|title|tr|tt|u|ul"
)
# Only real elements with real attributes: the "<year> <name of author>" of a template are words.
_ELEMENT = _lazy(
    rf"</?(?:{_ELEMENTS})(?=[\s/>])(?>(?:\s++(?:{_NAME}{_VALUE}|hidden|nowrap|noshade|open))*)\s*+/?>", re.IGNORECASE
)
_SIGNS = {"©": "(c)", "$": " dollar ", "€": " euro ", "£": " pound ", "¥": " yen ", "%": " percent "}


def words(text: str) -> list[Word]:
    """Give the words of a text in order: NFKC, case-folded runs of letters and digits, one word per ideograph.

    URLs, HTML tags, link targets and invisible characters are dropped, entities decoded; what a comment says counts, for
    it may be a clause; so do currency and percent signs. Numbers of lists stay: they cannot be told from numbers that
    wrapping put first.
    """
    folded = _spelled_out(_normalized(_without_markup(_lines(text))).casefold())
    rows = enumerate(folded.split("\n"), start=1)
    return [Word(word, line) for line, row in rows for word in _WORD.findall(row)]


def letters(texts: Iterable[str]) -> list[str]:
    """Give the pieces whose concatenation is the identity of these words: themselves, with '.' between two numbers.

    Joining words makes hyphens and line ends vanish; the '.' keeps '1.5' apart from '15'.
    """
    pieces: list[str] = []
    after_digit = False
    for text in texts:
        pieces.append("." + text if after_digit and text[0].isdigit() else text)
        after_digit = text[-1].isdigit()
    return pieces


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _normalized(text: str) -> str:
    """Return the text in NFKC without invisible characters."""
    if text.isascii():
        return text
    return _FOREIGN.sub(lambda run: unicodedata.normalize("NFKC", run[0]), _INVISIBLE.sub("", text))


def _spelled_out(text: str) -> str:
    """Return the text with signs that carry meaning as words, and every ideograph a word of its own."""
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    return text if text.isascii() else _IDEOGRAPH.sub(r" \g<0> ", text)


def _without_markup(text: str) -> str:
    """Return the text without URLs, tags, HTML comments and entities; every line keeps its number."""
    text = _URL.sub(_blank, text.replace("<!--", " ").replace("-->", " "))
    text = _LINK_TARGET.sub("] ", _REMARK.sub(" ", text))
    text = _ELEMENT.sub(_blank, text) if "<" in text else text
    return _ENTITY.sub(_decoded, text)


def _blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n") or " "


def _decoded(match: re.Match[str]) -> str:
    """Return the character an entity stands for; never a line end, which would move the lines below."""
    import html

    return " ".join(html.unescape(match[0]).split("\n"))


def without_html_comments(text: str) -> str:
    """Return the text without its HTML comments, their line ends kept; one that never ends is left as it is."""
    kept = []
    position = 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept += [text[position:start], "\n" * text.count("\n", start, end) or " "]
        position = end + 3
    return "".join(kept) + text[position:]


# ---- sentences ----

_QUOTES = str.maketrans("‘’‚‛′“”„‟″‐‑‒–—―−", "'''''\"\"\"\"\"-------")
_FRAME = _lazy(
    r"^[ \t]*+(?>(?:(?:#+|//+|/?\*+|>+|;+|--+|REM\b)[ \t]*+)+)|(?<![ \t*])[ \t]*+\*++/?[ \t]*+$", re.MULTILINE
)
_STARS = _lazy(r"(?<=\S)(?:\*{1,3}|~~)|(?:\*{1,3}|~~)(?=\S)")
_UNDERSCORES = _lazy(r"(?<!\w)_{1,3}(?=[^\s_])|(?<=[^\s_])_{1,3}(?!\w)")


def sentence(text: str) -> str:
    """Give a text as one line in which a prescribed sentence can be looked up; case and punctuation are kept.

    NFKC, '©' as '(c)', straight quotes and hyphens, one space for any white space; emphasis marks, block quotes and
    comment frames dropped.
    """
    plain = _normalized(_lines(text)).translate(_QUOTES).replace("©", "(c)")
    return " ".join(_without_emphasis(_FRAME.sub("", plain)).split())


def _without_emphasis(text: str) -> str:
    return _UNDERSCORES.sub("", _STARS.sub("", text))


def contains_phrase(text: str, phrase: str) -> bool:
    """Tell whether a phrase stands in the text (both as `sentence` gives them), not inside a longer word or number."""
    line, wanted = sentence(text), sentence(phrase)
    start = line.find(wanted) if wanted else -1
    while start >= 0:
        before, end = line[max(0, start - 2):start][::-1], start + len(wanted)
        if _ends_freely(before, wanted[0]) and _ends_freely(line[end:end + 2], wanted[-1]):
            return True
        start = line.find(wanted, start + 1)
    return False


def _ends_freely(beyond: str, edge: str) -> bool:
    """Tell whether the two characters beyond an edge of a phrase, nearest first, do not lengthen its word or number."""
    if not beyond or not edge.isalnum():
        return True
    if beyond[0].isalnum() or beyond[0] == "_":
        return False
    if len(beyond) == 1 or not beyond[1].isalnum():
        return True
    return not (beyond[0] in "-'" or (beyond[0] in ".," and edge.isdigit() and beyond[1].isdigit()))


# ---- what a reader sees ----


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MARKUP = _names("html htm xhtml xml svg")
_PROSE = _names("md markdown mdx rst txt")
_SCRIPT = _names("js jsx mjs cjs ts tsx css scss less vue svelte dart php")
_TYPED = _names("java kt swift go rs c cc cpp h hpp cs m scala")
_HASHED = _names("py sh bash yaml yml toml rb cfg ini properties")


def visible(text: str, name: str) -> str:
    """Give what a reader sees of a file of this name: no comments, tags or hidden elements; an image by its alt text.

    The ending of the name decides how it is read (HTML, Markdown, source code); any other text is given as it is.
    Block elements start a line. Malformed input is read as far as it makes sense and never raises.
    """
    text = _lines(text)
    ending = name.rpartition(".")[2].lower()
    if ending in _MARKUP:
        return _visible_html(text)
    if ending in _PROSE:
        return _visible_markdown(_without_rst_comments(text) if ending == "rst" else text)
    if ending in _SCRIPT | _TYPED | _HASHED:
        return _visible_code(text, ending)
    return text


# -- HTML

_MARK = _lazy(r"<(?=[a-zA-Z/!?])")
# After '=' a quote that is not closed eats the rest of the file, in browsers too: then nothing matches.
_TAG = _lazy(
    r"<(/?)([a-zA-Z][^\s/>]*+)((?>(?:[^>=]++|=\s*+\"[^\"]*+\"|=\s*+'[^']*+'|=(?!\s*+[\"']))*))>"
)
_ATTRIBUTE = _lazy(r"([^\s=/\"']++)(?>(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]++)))?)")
_VOID = _names("area base br col embed hr img input link meta param source track wbr")
_UNSEEN = _names("head script style template noscript iframe title textarea noembed noframes datalist")
_RAW = _names("script style title textarea noscript iframe noembed noframes")
_BLOCK = _names(
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol option p pre section summary table tbody td tfoot th "
    "thead tr ul"
)
_CLOSES_ITSELF = _names("dd dt li option p td th tr")


def _visible_html(text: str) -> str:
    reader = _HtmlReader()
    position = 0
    while position < len(text):
        mark = _MARK.search(text, position)
        reader.data(text[position:mark.start() if mark else len(text)])
        position = _read_mark(reader, text, mark.start()) if mark else len(text)
    return _tidy("".join(reader.seen))


def _read_mark(reader: _HtmlReader, text: str, start: int) -> int:
    """Read what the '<' at `start` begins; return where to go on. What never ends hides the rest, as in browsers."""
    if text.startswith("<!--", start):
        end = text.find("-->", start + 4)
        return end + 3 if end >= 0 else len(text)
    if text.startswith(("<!", "<?"), start):
        end = text.find(">", start)
        return end + 1 if end >= 0 else len(text)
    tag = _TAG.match(text, start)
    if tag is None:
        bogus_end = text.find(">", start) if re.match(r"/[^a-zA-Z]", text[start + 1:start + 3]) else -1
        return bogus_end + 1 or len(text)
    name = tag[2].lower()
    if tag[1]:
        reader.close(name)
    else:
        reader.open(name, tag[3])
        if name in _RAW:
            return _after_raw(text, name, tag.end())
    return tag.end()


def _after_raw(text: str, name: str, position: int) -> int:
    end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(text, position)
    return end.start() if end else len(text)


class _HtmlReader:
    """Collects the text outside hidden elements; `counts` makes a stray end tag cost nothing."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.stack: list[tuple[str, bool]] = []
        self.counts: dict[str, int] = {}
        self.hidden = 0

    def data(self, text: str) -> None:
        if text and not self.hidden:
            self.seen.append(_unescaped(" ".join(_spaced(text))))

    def open(self, name: str, attributes: str) -> None:
        if self.stack and name in _BLOCK and self.stack[-1][0] in _CLOSES_ITSELF & {name, "p"}:
            self.close(self.stack[-1][0])
        self.separate(name)
        values = _attributes(attributes)
        if name in _VOID:
            if name in ("img", "area") and not self.hidden and not _is_hidden(values):
                self.seen.append(_unescaped(values.get("alt", "")))
            return
        hidden = name in _UNSEEN or _is_hidden(values) or (name == "dialog" and "open" not in values)
        self.stack.append((name, hidden))
        self.counts[name] = self.counts.get(name, 0) + 1
        self.hidden += hidden

    def close(self, name: str) -> None:
        while self.counts.get(name):
            top, hidden = self.stack.pop()
            self.counts[top] -= 1
            self.hidden -= hidden
            if top == name:
                break
        self.separate(name)

    def separate(self, name: str) -> None:
        if name in _BLOCK and not self.hidden:
            self.seen.append("\n")


def _spaced(text: str) -> list[str]:
    """Return the words of the text; an empty one at an end where it has white space."""
    found = text.split()
    if not found:
        return ["", ""]
    return [""] * text[0].isspace() + found + [""] * text[-1].isspace()


def _attributes(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        values.setdefault(match[1].lower(), match[2] or match[3] or match[4] or "")
    return values


def _is_hidden(attributes: dict[str, str]) -> bool:
    style = "".join(_unescaped(attributes.get("style", "")).lower().split())
    return "hidden" in attributes or "display:none" in style or "visibility:hidden" in style


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    import html

    return html.unescape(text)


def _tidy(text: str) -> str:
    """Return the lines that are not blank, single-spaced."""
    return "\n".join(line for row in text.split("\n") if (line := " ".join(row.split())))


# -- Markdown

_FENCE = _lazy(r"[ ]{0,3}(`{3,}|~{3,})")
_FRONT_MATTER = _lazy(r"\A\ufeff?---[ \t]*\n")
_AUTOLINK = _lazy(r"<((?:https?|mailto):[^\s<>]++)>")
_CODE_SPAN = _lazy(r"`([^`\n]++)`")
_NOT_A_TAG = _lazy(rf"<(?!/?[a-zA-Z][a-zA-Z0-9.-]*+{_ATTRIBUTES})")
_TARGET = r"\([^()\n]*+(?>(?:\([^()\n]*+\)[^()\n]*+)*)\)"
_IMAGE = _lazy(rf"!\[([^\[\]]*+)\](?:{_TARGET}|\[[^\[\]\n]*+\])")
_LINK = _lazy(rf"\[([^\[\]]*+)\](?:{_TARGET}|\[[^\[\]\n]*+\])")
_REFERENCE = _lazy(r"^[ ]{0,3}\[[^\[\]\n]++\]:[^\n]*+$", re.MULTILINE)
_HEADING = _lazy(r"^[ \t]*+(?>(?:>[ \t]*+)*)(?:#{1,6}[ \t]++)?", re.MULTILINE)
_BLANK_LINE = _lazy(r"\n[ \t]*+\n")


def _visible_markdown(text: str) -> str:
    prose: list[str] = []
    seen: list[str] = []
    fence = ""
    for line in _without_front_matter(_without_unfenced_comments(text)).split("\n"):
        mark = _FENCE.match(line)
        if fence:
            seen.append("" if line.strip().startswith(fence) else line)
            fence = "" if line.strip().startswith(fence) else fence
        elif mark:
            seen.append(_visible_prose("\n".join(prose)))
            prose, fence = [], mark[1]
        else:
            prose.append(line)
    return "\n".join([*seen, _visible_prose("\n".join(prose))]).strip()


def _without_front_matter(text: str) -> str:
    if _FRONT_MATTER.match(text):
        end = re.compile(r"^(?:---|\.\.\.)[ \t]*+$", re.MULTILINE).search(text, text.index("\n"))
        return text[end.end():] if end else text
    return text


def _without_unfenced_comments(text: str) -> str:
    """Return the text without HTML comments that begin outside fenced code; one that never ends hides the rest."""
    kept: list[str] = []
    fence, comment = "", False
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if not comment and (fence or mark):
            fence = _fence_after(fence, line, mark)
            kept.append(line)
            continue
        line, comment = _uncommented(line, comment)
        kept.append(line)
    return "\n".join(kept)


def _fence_after(fence: str, line: str, mark: re.Match[str] | None) -> str:
    if fence:
        return "" if line.strip().startswith(fence) else fence
    return mark[1] if mark else ""


def _uncommented(line: str, comment: bool) -> tuple[str, bool]:
    """Return the line without comments, and whether one is still open at its end; `comment`: one is at its start."""
    kept = []
    position = 0
    while True:
        end = line.find("-->" if comment else "<!--", position)
        if not comment:
            kept.append(line[position:] if end < 0 else line[position:end])
        if end < 0:
            return "".join(kept), comment
        position = end + (3 if comment else 4)
        comment = not comment


def _visible_prose(text: str) -> str:
    text = _CODE_SPAN.sub(_escaped_span, _AUTOLINK.sub(r"\1", text))
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", _REFERENCE.sub("", text)))
    text = _HEADING.sub("", text)
    if "<" in text or "&" in text:
        blocks = _BLANK_LINE.split(_NOT_A_TAG.sub("&lt;", text))
        text = _visible_html("<p>".join(blocks))
    return _without_emphasis(text)


def _escaped_span(span: re.Match[str]) -> str:
    return span[1].replace("<", "&lt;").replace(">", "&gt;")


# Not a directive, target, footnote or substitution.
_RST_COMMENT = _lazy(r"\.\.(?:\s*+$| (?!(?:[\w.+-]++(?>(?::[\w.+-]++)*)::|[_\[|])))")


def _without_rst_comments(text: str) -> str:
    kept: list[str] = []
    inside = False
    for line in text.split("\n"):
        if inside and (not line.strip() or line[0].isspace()):
            kept.append("")
            continue
        inside = _RST_COMMENT.match(line) is not None
        kept.append("" if inside else line)
    return "\n".join(kept)


# -- source code

_SCRIPT_TOKEN = _lazy(r"(?<!:)//|/\*|<!--|\"|'|`")
_TYPED_TOKEN = _lazy(r"//|/\*|\"|'(?:\\[^\n]|[^'\\\n])'")
_HASH_TOKEN = _lazy(r"(?:(?<=[\s;{}()\[\],])|^)#|\"\"\"|'''|\"|'", re.MULTILINE)
_CLOSING = {"/*": "*/", "<!--": "-->", '"""': '"""', "'''": "'''"}
_STRING = {
    '"': _lazy(r"(?>(?:[^\"\\\n]++|\\.)*)", re.DOTALL),
    "'": _lazy(r"(?>(?:[^'\\\n]++|\\.)*)", re.DOTALL),
    "`": _lazy(r"(?>(?:[^`\\]++|\\.)*)", re.DOTALL),
}
_CODE_TAG = _lazy(rf"<(/?)([a-zA-Z][a-zA-Z0-9.-]*+)({_ATTRIBUTES})|</?>")
_CODE_TEXT = _lazy(r"\{\s*+(?:\"([^\"{}\n]*+)\"|'([^'{}\n]*+)'|`([^`{}$\n]*+)`)\s*+\}")


def _visible_code(text: str, ending: str) -> str:
    token = _HASH_TOKEN if ending in _HASHED else _TYPED_TOKEN if ending in _TYPED else _SCRIPT_TOKEN
    text = _without_comments(text, token)
    if token is _SCRIPT_TOKEN:
        text = _CODE_TEXT.sub(lambda match: match[1] or match[2] or match[3] or "", text)
    return _ENTITY.sub(_decoded, _CODE_TAG.sub(_tag_text, text))


def _tag_text(tag: re.Match[str]) -> str:
    if not tag[2]:
        return ""
    if tag[2].lower() in ("img", "image"):
        return _attributes(tag[3]).get("alt", "")
    return "\n" if tag[2].lower() in _BLOCK else ""


def _without_comments(text: str, token: re.Pattern[str]) -> str:
    """Return source code without its comments; what stands in a string literal is no comment."""
    kept: list[str] = []
    position = unclosed = 0
    while match := token.search(text, position):
        mark, end = match[0], match.end()
        if mark in ("//", "#", "/*", "<!--"):
            kept.append(text[position:match.start()] + " ")
            position = _comment_end(text, mark, end)
            continue
        if mark in _STRING and end >= unclosed:
            end, unclosed = _string_end(text, mark, end)
        elif mark in _CLOSING:
            end = _comment_end(text, mark, end)
        kept.append(text[position:end])
        position = end
    return "".join(kept) + text[position:]


def _string_end(text: str, quote: str, start: int) -> tuple[int, int]:
    """Return where to read on behind an opening quote, and up to where no quote opens a string.

    An apostrophe in running text opens nothing; nor do the quotes up to where its string would have had to end, which
    keeps this linear.
    """
    match = _STRING[quote].match(text, start)
    end = match.end() if match else start
    if text.startswith(quote, end):
        return end + 1, 0
    return (end, 0) if quote == "`" else (start, end)


def _comment_end(text: str, mark: str, start: int) -> int:
    if mark not in _CLOSING:
        return _line_end(text, start)
    end = text.find(_CLOSING[mark], start)
    return len(text) if end < 0 else end + len(_CLOSING[mark])


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
