/**
 * Mutated inputs for every decoder that reads what others wrote, as many as one likes:
 * `npx tsx scripts/soak.ts [inputs for each decoder, 200000] [seed, from the clock]`. Ends with 1 where a fault was found.
 */
import { allTargets } from '../src/chain/fuzz/fuzz-seeds.ts'
import { type FuzzTarget, runFuzz } from '../src/chain/fuzz/run-fuzz.ts'
import { importKey } from '../src/wallet/ed25519-key.ts'

const inputs = Number(process.argv[2] ?? 200_000)
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000)

const secretKeys: FuzzTarget = {
  name: 'secret key',
  kind: 'text',
  seeds: [
    'somaprivkey1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0jqvt3src',
    'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g',
    '0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20',
  ],
  run: importKey,
}

const { bcs, messages, frames, texts } = await allTargets()
let faulty = false
for (const target of [...bcs, ...messages, ...frames, ...texts, secretKeys]) {
  const start = performance.now()
  const report = await runFuzz([target], inputs, seed)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const slowest = `${report.slowestMs.toFixed(0)} ms the slowest`
  console.log(
    `${target.name}: ${report.inputs} inputs, ${report.accepted} understood, ${seconds} s, ${slowest}`,
  )
  for (const fault of report.faults) console.log(`  FAULT ${fault.what}: ${fault.input}`)
  faulty ||= report.faults.length > 0
}
console.log(`seed ${seed}: ${faulty ? 'faults found' : 'no fault'}`)
process.exitCode = faulty ? 1 : 0
