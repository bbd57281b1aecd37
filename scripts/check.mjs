// @ts-check
/** `npm run check`: the fast part of the tests. Each stage is one command with a plain name. */
import { ensureInstalled, run } from './ensure-installed.mjs'

/** @type {[string, string[]][]} */
export const stages = [
  ['format, lint, cycles', ['biome', 'ci', '--error-on-warnings', '.']],
  ['types', ['tsc', '--noEmit']],
  ['layers', ['tsx', 'scripts/check-layers.ts']],
]

/** Runs the stages; answers how many passed and which failed. */
export function runStages() {
  const failed = []
  for (const [name, [command = '', ...args]] of stages) {
    const started = performance.now()
    const result = run(command, args, { stdio: 'pipe', encoding: 'utf8' })
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    if (result.status === 0) {
      console.log(`ok      ${name} (${seconds} s)`)
    } else {
      failed.push(name)
      console.log(`FAILED  ${name} (${seconds} s)\n${result.stdout}${result.stderr}`)
    }
  }
  return { passed: stages.length - failed.length, failed: failed.length }
}

if (process.argv[1]?.endsWith('check.mjs')) {
  ensureInstalled()
  const { failed } = runStages()
  const unit = run('vitest', ['run', '--project', 'node', '--reporter=dot'])
  process.exit(failed === 0 && unit.status === 0 ? 0 : 1)
}
