/** What a document can be cut into, so that a window holds something whole. */
export type PassageKind = 'function' | 'docstring' | 'paragraph'

/** A stretch of a document, bytes [from, to). */
export interface Passage {
  readonly from: number
  readonly to: number
}

export interface PassageOptions {
  readonly kind: PassageKind
  /** Shorter passages are left out; 32 bytes unless told. */
  readonly minBytes?: number
  /** Longer ones are cut at line ends; 1,024 bytes, one window, unless told. */
  readonly maxBytes?: number
}

const LINE_FEED = 10

interface Line {
  readonly from: number
  /** Past the line feed. */
  readonly to: number
  readonly text: string
}

/**
 * Cuts a text by its form alone, for any language: functions are what begins with a definition and ends with its
 * indentation or its braces, the inner ones where the outer is too
 * long; docstrings are comments of several lines and triple-quoted texts; paragraphs stand
 * between empty lines. Passages never overlap and come in order. Bytes are read as Latin-1: only their ASCII part
 * decides, so any encoding of text will do.
 */
export function splitPassages(bytes: Uint8Array, options: PassageOptions): Passage[] {
  const { kind, minBytes = 32, maxBytes = 1024 } = options
  const lines = linesOf(bytes)
  const whole = { function: functions, docstring: docstrings, paragraph: paragraphs }[kind](lines, maxBytes)
  return whole
    .flatMap((span) => cutAtLines(lines, span, maxBytes))
    .filter(({ from, to }) => to - from >= minBytes)
}

/** First line and the line after the last. */
type Span = readonly [number, number]

function linesOf(bytes: Uint8Array): Line[] {
  const decoder = new TextDecoder('latin1')
  const lines: Line[] = []
  for (let from = 0; from < bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, from)
    const to = feed < 0 ? bytes.length : feed + 1
    lines.push({ from, to, text: decoder.decode(bytes.subarray(from, to)) })
    from = to
  }
  return lines
}

const isEmpty = ({ text }: Line) => text.trim() === ''
const indentOf = ({ text }: Line) => text.length - text.trimStart().length

function paragraphs(lines: readonly Line[]): Span[] {
  const spans: Span[] = []
  let first = -1
  for (const [index, line] of lines.entries()) {
    if (!isEmpty(line)) {
      if (first < 0) first = index
    } else if (first >= 0) {
      spans.push([first, index])
      first = -1
    }
  }
  if (first >= 0) spans.push([first, lines.length])
  return spans
}

/** `def f(...):`, `class C:` and the like: the body is what is indented further. */
const INDENTED = /^\s*(?:async\s+)?(?:def|class)\s+\w+/
/** Words that begin a definition whose body stands in braces. */
const BRACED =
  /^\s*(?:export\s+|default\s+|pub(?:\([^)]*\))?\s+|public\s+|private\s+|protected\s+|static\s+|async\s+|unsafe\s+|const\s+|inline\s+|extern\s+|override\s+|final\s+)*(?:function\b|fn\b|func\b|fun\b|class\b|struct\b|impl\b|interface\b|trait\b|enum\b)/
/** `type name(arguments) {` of C and its kin; not `if (...) {`. */
const C_LIKE =
  /^\s*(?!(?:if|for|while|switch|else|do|return|catch|case)\b)[\w:*&<>,[\]\s~]+\([^;]*\)[^;]*\{\s*$/

/** Definitions between two lines; one longer than a passage gives way to those inside it. */
function functions(lines: readonly Line[], maxBytes: number, begin = 0, stop = lines.length): Span[] {
  const spans: Span[] = []
  let earliest = begin
  for (let index = begin; index < stop; ) {
    const end = endOfDefinition(lines, index)
    if (end <= index || end > stop) {
      index += 1
      continue
    }
    const span: Span = [withLeading(lines, index, earliest), end]
    const bytes = lines[end - 1]!.to - lines[span[0]]!.from
    const inner = bytes > maxBytes ? functions(lines, maxBytes, index + 1, end) : []
    spans.push(...(inner.length > 0 ? inner : [span]))
    earliest = end
    index = end
  }
  return spans
}

/** The line after the definition that begins here; -1 where none does. */
function endOfDefinition(lines: readonly Line[], start: number): number {
  const { text } = lines[start]!
  const braces = BRACED.test(text) || C_LIKE.test(text) ? endOfBraces(lines, start) : -1
  return braces < 0 && INDENTED.test(text) ? endOfIndent(lines, start) : braces
}

/** The line after the body of an indented definition; -1 where it has none. */
function endOfIndent(lines: readonly Line[], start: number): number {
  const own = indentOf(lines[start]!)
  let last = start
  let open = balance(lines[start]!.text, '(', ')')
  for (let index = start + 1; index < lines.length; index += 1) {
    const line = lines[index]!
    if (isEmpty(line)) continue
    // Arguments may go on at any indentation until the bracket closes.
    if (open <= 0 && indentOf(line) <= own) break
    open += balance(line.text, '(', ')')
    last = index
  }
  return last === start ? -1 : last + 1
}

/** What has not closed by then never will: without a limit, a file of nothing but openings would take for ever. */
const MOST_LINES = 10_000
/** Lines that a definition may take before its brace opens. */
const HEAD_LINES = 12

/** The line after the brace that closes the definition; -1 where none opens soon or it never closes. */
function endOfBraces(lines: readonly Line[], start: number): number {
  let depth = 0
  let opened = false
  const last = Math.min(lines.length, start + MOST_LINES)
  for (let index = start; index < last; index += 1) {
    const { text } = lines[index]!
    opened ||= text.includes('{')
    if (!opened && (text.trimEnd().endsWith(';') || index - start >= HEAD_LINES)) return -1
    depth += balance(text, '{', '}')
    if (opened && depth <= 0) return index + 1
  }
  return -1
}

function balance(text: string, open: string, close: string): number {
  let depth = 0
  for (const character of text) {
    if (character === open) depth += 1
    else if (character === close) depth -= 1
  }
  return depth
}

/** Comments and decorators right above a definition belong to it. */
function withLeading(lines: readonly Line[], start: number, earliest: number): number {
  let first = start
  while (first > earliest && /^\s*(?:#|@|\/\/|\/\*|\*)/.test(lines[first - 1]!.text)) first -= 1
  return first
}

/** Pairs of marks that comments and documentation stand between. */
const DOCUMENTATION: readonly (readonly [RegExp, string])[] = [
  [/^\s*[rRuUbB]?"""/, '"""'],
  [/^\s*[rRuUbB]?'''/, "'''"],
  [/^\s*\/\*/, '*/'],
]
/** One comment mark at the beginning of each line. */
const LINE_COMMENT = /^\s*(?:\/\/|#(?!!|include|define|if|else|endif|pragma)|--\s)/

function docstrings(lines: readonly Line[]): Span[] {
  const spans: Span[] = []
  for (let index = 0; index < lines.length; ) {
    const { text } = lines[index]!
    const marks = DOCUMENTATION.find(([begin]) => begin.test(text))
    const end = marks ? endOfMark(lines, index, marks[1]) : endOfComment(lines, index)
    if (end > index) spans.push([index, end])
    index = Math.max(end, index + 1)
  }
  return spans
}

/** The line after the closing mark; -1 where it never comes. */
function endOfMark(lines: readonly Line[], start: number, mark: string): number {
  const opening = lines[start]!.text.indexOf(mark === '*/' ? '/*' : mark)
  if (lines[start]!.text.indexOf(mark, opening + 2 + Number(mark !== '*/')) >= 0) return start + 1
  const last = Math.min(lines.length, start + MOST_LINES)
  for (let index = start + 1; index < last; index += 1)
    if (lines[index]!.text.includes(mark)) return index + 1
  return -1
}

/** The line after a comment of at least two lines; -1 where there is none. */
function endOfComment(lines: readonly Line[], start: number): number {
  let end = start
  while (end < lines.length && LINE_COMMENT.test(lines[end]!.text)) end += 1
  return end - start >= 2 ? end : -1
}

/** A span as passages of at most `maxBytes`, cut between lines where it can be. */
function cutAtLines(lines: readonly Line[], [first, end]: Span, maxBytes: number): Passage[] {
  const passages: Passage[] = []
  let from = lines[first]!.from
  let to = from
  for (const line of lines.slice(first, end)) {
    if (line.to - from > maxBytes && to > from) {
      passages.push({ from, to })
      from = to
    }
    to = line.to
    // A line longer than a window has no better place.
    for (; to - from > maxBytes; from += maxBytes) passages.push({ from, to: from + maxBytes })
  }
  if (to > from) passages.push({ from, to })
  return passages
}
