import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

export interface SpawnedServer {
  /** The line that said it was ready. */
  readonly line: string
  stop(): Promise<void>
}

/** Starts one of our servers as its command does; resolves with the line that `ready` matches. */
export async function spawnServer(
  script: string,
  args: readonly string[],
  ready: RegExp,
): Promise<SpawnedServer> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], { cwd: root })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    line: await firstLine(child, ready),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function firstLine(child: ChildProcess, ready: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (part) => {
      said += part
    })
    child.stdout?.on('data', (part) => {
      said += part
      const line = said.split('\n').find((text) => ready.test(text))
      if (line !== undefined) resolve(line)
    })
    child.once('exit', (code) => reject(new Error(`A server ended with ${code}: ${said}`)))
  })
}
