import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A text of `bytes` bytes that a small model can learn something of. */
export function sampleText(bytes: number): string {
  const words = ['river', 'stone', 'cloud', 'ember', 'field', 'north', 'quiet', 'seven', 'under', 'winter']
  let text = ''
  for (let i = 0; text.length < bytes; i++) {
    text += `${words[i % 10]} ${words[(i * 7 + 3) % 10]} ${i % 13}${i % 9 === 0 ? '.\n' : ' '}`
  }
  return text.slice(0, bytes)
}

/** Writes a file into a folder of its own and returns its path. */
export function temporaryFile(name: string, content: string | Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), 'studio-e2e-')), name)
  writeFileSync(path, content)
  return path
}
