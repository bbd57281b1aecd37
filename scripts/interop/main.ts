/** `npm run interop`: the official Python client against our practice server, then saved weights in the official package. Needs Python 3.10 or newer and a network. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readWorld, startPractice } from '../../server/practice/start-practice.ts'
import { checkWeights } from './check-weights.ts'

const CLIENT = 'soma-sdk==0.1.15'

const root = fileURLToPath(new URL('../../', import.meta.url))
const environment = join(root, '.cache', 'interop', 'venv')
const python = join(
  environment,
  ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
)

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0
}

/** A virtual environment with the client, made where it is missing. Throws an Error with a sentence. */
function ensureClient(): void {
  if (!existsSync(python)) {
    const found = ['python3', 'python'].find(
      (name) => spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0,
    )
    if (found === undefined) throw new Error('No Python 3.10 or newer was found (python3 or python).')
    if (!run(found, ['-m', 'venv', environment]))
      throw new Error('Python could not make a virtual environment.')
  }
  if (spawnSync(python, ['-c', 'import soma_sdk']).status === 0) return
  console.log(`Installing ${CLIENT} into .cache/interop.`)
  if (!run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', CLIENT])) {
    throw new Error(
      `${CLIENT} could not be installed: this needs a network, and a platform that it is built for.`,
    )
  }
}

/** Runs the client's script; resolves with its exit status. */
function runClient(addresses: Readonly<Record<string, string>>): Promise<number> {
  const script = fileURLToPath(new URL('official_client.py', import.meta.url))
  const client = spawn(python, [script], {
    stdio: 'inherit',
    env: { ...process.env, INTEROP: JSON.stringify(addresses) },
  })
  return new Promise((resolve, reject) => {
    client.on('error', reject)
    client.on('exit', (status) => resolve(status ?? 1))
  })
}

async function main(): Promise<number> {
  ensureClient()
  const blobs = await mkdtemp(join(tmpdir(), 'soma-interop-'))
  const options = { config: 'small', host: '127.0.0.1', scorer: 'cpu', players: false, blobs } as const
  const ports = { port: 0, faucetPort: 0, scoringPort: 0, adminPort: 0, blobsPort: 0 }
  const server = await startPractice({ ...options, ...ports }, await readWorld('small'))
  try {
    const at = (port: number | undefined) => `http://127.0.0.1:${port}`
    const status = await runClient({
      rpc: at(server.ports.rpc),
      faucet: at(server.ports.faucet),
      scoring: at(server.ports.scoring),
      admin: at(server.ports.admin),
      blobs: at(server.ports.blobs),
      weights: join(root, 'test/golden/scoring/weights.small-42.safetensors'),
    })
    return (await checkWeights(server.host, [python, 'python3', 'python'])) || status
  } finally {
    await server.close()
    await rm(blobs, { recursive: true, force: true })
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
