/** Numbers that a kernel variant is specialised on; arrays become WGSL constant arrays. */
export type KernelConstants = Readonly<Record<string, number | readonly number[]>>

interface Frame {
  readonly kind: 'for' | 'blocks' | 'loop' | 'if'
  readonly lines: string[]
  readonly name: string
  /** Rounds of a loop; 0 or 1 for a condition. */
  readonly count: number
}

/**
 * Unrolls loops and drops branches of a kernel's source. Directives stand alone on a line:
 *   //#for r ROWS    repeats the lines up to //#end for r = 0 .. ROWS-1 (a constant's name or a number)
 *   //#loop c VECS   the same in a block of its own for up to 8 rounds; a WGSL loop beyond, so that code stays small
 *   //#loop c VECS 4   the same with another number of rounds than 8
 *   //#if bias       keeps the lines up to //#end where the constant is there and not 0; //#ifnot the reverse
 * and ${r} is replaced by the number inside. Some drivers, the software adapter first, neither unroll loops nor
 * keep arrays that are indexed by a loop variable in registers; this makes register tiles certain everywhere.
 * Throws an Error on an unknown count or an unbalanced directive.
 */
export function expandTemplate(source: string, constants: KernelConstants): string {
  const frames: Frame[] = [{ kind: 'if', lines: [], name: '', count: 1 }]
  const top = () => frames[frames.length - 1]!
  for (const line of source.split('\n')) {
    const [directive, name = '', count = '', most = MOST_UNROLLED] = line.trim().split(/\s+/)
    if (directive === '//#for') {
      frames.push({ kind: 'for', lines: [], name, count: loopCount(count, constants) })
    } else if (directive === '//#loop') {
      const rounds = loopCount(count, constants)
      frames.push({ kind: rounds <= Number(most) ? 'blocks' : 'loop', lines: [], name, count: rounds })
    } else if (directive === '//#if' || directive === '//#ifnot') {
      const there = constants[name] !== undefined && constants[name] !== 0
      frames.push({ kind: 'if', lines: [], name, count: there === (directive === '//#if') ? 1 : 0 })
    } else if (directive === '//#end') {
      const frame = frames.pop()!
      if (frames.length === 0) throw new Error('A kernel source has one //#end too many.')
      top().lines.push(...repeated(frame))
    } else {
      top().lines.push(line)
    }
  }
  if (frames.length > 1) throw new Error(`A kernel source lacks the //#end of ${top().name}.`)
  return top().lines.join('\n')
}

const MOST_UNROLLED = 8

function repeated({ kind, lines, name, count }: Frame): string[] {
  const put = (value: string) => lines.map((line) => line.replaceAll(`\${${name}}`, value))
  if (kind === 'loop') return [`for (var ${name} = 0u; ${name} < ${count}u; ${name}++) {`, ...put(name), '}']
  return Array.from({ length: count }, (_, round) => {
    if (kind === 'if') return lines
    return kind === 'for' ? put(`${round}`) : ['{', ...put(`${round}u`), '}']
  }).flat()
}

function loopCount(text: string, constants: KernelConstants): number {
  const value = constants[text] ?? Number(text)
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new Error(`A kernel source repeats ${text} times, and that is no constant of it.`)
  }
  return value
}
