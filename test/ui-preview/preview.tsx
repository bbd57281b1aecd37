import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '../../src/ui/tokens.css'
import { createRoot } from 'react-dom/client'
import { App } from '../../src/app/app.tsx'
import { createCorpusStore } from '../../src/stores/corpus-store.ts'
import { createDeviceStore } from '../../src/stores/device-store.ts'
import { createNetworkStore } from '../../src/stores/network-store.ts'
import { createPublishStore } from '../../src/stores/publish-store.ts'
import { createRunStore } from '../../src/stores/run-store.ts'
import { createRunsStore } from '../../src/stores/runs-store.ts'
import { createSetupStore } from '../../src/stores/setup-store.ts'
import { createViewStore } from '../../src/stores/view-store.ts'
import { createWalletStore } from '../../src/stores/wallet-store.ts'
import { defaultRecipe } from '../../src/train/recipe.ts'

const q = new URLSearchParams(location.search)
const id = (n: number) => `0x${(n * 2654435761 % 2 ** 32).toString(16).padStart(8, '0').repeat(8)}`
const stores = { device: createDeviceStore(), corpus: createCorpusStore(), setup: createSetupStore(), run: createRunStore(), runs: createRunsStore(), network: createNetworkStore(), wallet: createWalletStore(), publish: createPublishStore(), view: createViewStore() } as any
const text = new TextEncoder().encode('The almanac of small tides.\n\nIn the first week of the year the moon stands low over the harbour and the boats are drawn up on the stones. Whoever keeps a book of the water writes two lines a day, one for the morning and one for the evening, and the height of the mark on the old post.')
const source = { name: 'rust-docs.jsonl', origin: 'file', bytes: 41_000_000, digest: 'ab'.repeat(32) }
const summary = { digest: '9f2c'.repeat(16), sources: [source, { ...source, name: 'b.txt' }, { ...source, name: 'c.txt' }], bytes: 41_200_000, units: 12904, unitKind: 'document', trainWindows: 38000, validationWindows: 2000, trainBytes: 39_140_000, validationBytes: 2_060_000, preview: text, warnings: q.has('warn') ? ['notes.pdf was left out: it is not text.'] : [] }
const report = { available: true, description: 'Apple M3 Pro (metal-3), through TensorFlow.js', hint: '', isFallback: false, maxBufferBytes: 4e9, features: [] }
stores.device.setState(q.has('nogpu') ? { status: 'missing', report: { ...report, available: false, description: 'This browser does not offer WebGPU.', hint: 'Use Chrome or Edge 113 or newer.' } } : { status: 'ready', report })
stores.corpus.setState({ status: 'ready', items: [{ name: 'x', origin: 'file', data: new Blob() }], summary, error: q.has('bad') ? { code: 'bad-input', message: 'empty.txt holds no bytes.', hint: 'Choose a file with at least two windows of text.', retryable: false } : null })
stores.wallet.setState({ address: '0x' + '7573'.repeat(15) + 'c110', balance: 8_421_037_400n, coins: 3 })
const model = (n: number, state: string, downloadable: boolean) => ({ id: id(n), owner: id(n + 50), state, stake: 1_200_000_000n + BigInt(n) * 37_000_001n, commissionRate: 1000n, downloadable, manifest: null, keyCommitment: null })
const mine = { ...model(9, q.get('mine') ?? 'pending', false), owner: stores.wallet.getState().address }
const target = (n: number, filled: boolean) => ({ id: id(100 + n), status: filled ? 'filled' : 'open', rewardPool: 233_000_000n, winningModelId: filled ? id(1 + (n % 3)) : null, modelIds: [], ...(filled ? { submission: { losses: [2.71 + n / 100], distance: 0.31 + n / 100 } } : {}) })
const rec = (name: string, steps: number, cp: boolean) => ({ id: name, name, createdAt: Date.now() - 4e6, recipe: defaultRecipe('practice'), startFrom: 'scratch', corpus: { ...summary }, checkpoint: cp ? { runId: name, step: steps, savedAt: Date.now() - 4.2e4, weightsDigest: '', validationLoss: 2.8 } : null, stepsDone: steps, lossFirst: 5.65, lossLast: 2.804 })
stores.runs.setState({ loaded: true, runs: [rec('calm-otter', 1240, true), rec('brisk-heron', 2000, true), rec('wise-finch', 12, false)], resumable: q.has('resumable') ? rec('calm-otter', 120, true) : null })
stores.network.setState({ status: 'ready', world: 'practice', competitors: [{ id: id(1), name: 'tidewatch', corpus: 'a sea almanac', steps: 1500, lossFirst: 5.62, lossLast: 1.93 }, { id: id(2), name: 'ledger', corpus: 'account books', steps: 1500, lossFirst: 5.61, lossLast: 1.51 }], chainId: 'x', system: { epoch: BigInt(q.get('epoch') ?? 12), epochStartMs: Date.now(), epochDurationMs: 864e5, protocolVersion: 5n, hasModelRegistry: true, totalModelStake: 4_800_000_000n, targetState: { distanceThreshold: 0.52, rewardPerTarget: 233_000_000n }, parameters: { targetEmbeddingDim: 64n, modelMinStake: 1_000_000_000n, modelRevealSlashRateBps: 5000n, targetModelsPerTarget: 3n, modelArchitectureVersion: 1n }, models: [model(1, 'active', true), model(2, 'active', true), model(3, 'active', true), model(4, 'inactive', false), mine] }, targets: Array.from({ length: 12 }, (_, n) => target(n, n < 7)), modelActionsBlocked: null, advancing: false, error: null })
const draft = { id: 'd1', world: 'practice', name: 'calm-otter', config: 'practice', runId: 'calm-otter', step: 1240, validationLoss: 2.804, savedAt: Date.now(), embedding: [], embeddingNote: '256 windows of 1,024 bytes at random offsets, seed 7', stability: 0.9981, key: '', weightsUrl: '', weightsSize: 940_104, weightsChecksum: '63'.repeat(32), stake: '1200000000', modelId: id(9), createDigest: 'AB', createEpoch: 11, commitDigest: null, commitEpoch: null, revealDigest: null, revealEpoch: null }
const pending = { ...draft, commitDigest: 'CD', commitEpoch: 12 }
const review = { act: 'commit', bytes: crypto.getRandomValues(new Uint8Array(333)), simulated: { ok: true, text: 'Succeeds; writes 2 objects' }, checks: [['Weights file', 'https://practice.invalid/blobs/63ZmFAvDuPxFFCFMJV7U3fWq9N8q/calm-otter.enc', '940,104 bytes, read back from the host'], ['Checksum (BLAKE2b-256)', '63ZmFAvDuPxFFCFMJV7U3fWq9N8qP4FSS63ZmFAvDuPx', 'computed again from the hosted file'], ['Embedding commitment', '14fzda4eedxd9JXHfgE5QerEuL4UUtEXL3EkD63ZmFAv', '64 numbers, all finite'], ['Key commitment', '8tas7RT3u1HuzQVBpNVobeGkREiot5RAS63ZmFAvDuPx', 'a fresh key, used for no other file']].map(([label, value, detail], i) => ({ label, value, detail, matches: !(q.has('mismatch') && i === 1) })), preview: { title: 'Commit a model', changes: ['The model becomes pending; nobody can read its weights until you reveal in epoch 13.'], payment: '0x7573…c110 pays a fee of 0.000001600 SOMA; the balance after it is 8.421035800 SOMA.', becomesPublic: ['Now: the address of the encrypted file, its size and the hashes.', 'After the reveal: the weights, the key and the embedding.'], risks: ['The reveal is accepted in epoch 13 only; if it is missed 50 % of the stake is lost and the model is inactive for good.'], facts: [{ name: 'model', label: 'Model', value: id(9) }] } }
const w = q.get('wizard')
const base = { stage: 'review', draftId: 'd1', review: null, receipt: null, signing: false, progress: null, error: null }
stores.publish.setState({ drafts: q.has('nodrafts') ? [] : [w === 'review' ? draft : pending, { ...pending, id: 'd2', name: 'brisk-heron', modelId: id(1), revealDigest: 'X', revealEpoch: 13 }], wizard: w === 'review' ? { ...base, review } : w === 'embed' ? { ...base, draftId: null, stage: 'embed', progress: { label: 'Embedding', done: 120, total: 256, unit: 'windows', startedAt: Date.now() - 4000 } } : w === 'receipt' ? { ...base, stage: 'receipt', receipt: { act: 'commit', digest: '63ZmFAvDuPxFFCFMJV7U3fWq9N8qP4FSS63ZmFAvDuPx', epoch: 12, fee: 1600n } } : w === 'error' ? { ...base, stage: 'host', error: { code: 'network', message: 'The host did not answer.', hint: 'Try again.', retryable: true } } : null })
let step = 0
const push = (n: number) => {
  const r = stores.run.getState()
  const col = (f: (s: number) => number) => Float64Array.from({ length: n }, (_, i) => f(step + i + 1))
  const curve = (s: number) => 2.7 + 2.9 * Math.exp(-s / 160) + (Math.random() - 0.5) * 0.2
  r.series.append({ step: col((s) => s), loss: col((s) => curve(s) + (s === 700 ? 1.5 : 0)), crossEntropy: col(curve), sigreg: col((s) => 0.02 + 0.1 * Math.exp(-s / 100)), gradientNorm: col(() => 0.8 + Math.random() * 0.3), learningRate: col(() => 1e-3), tokensPerSecond: col(() => 3300 + Math.random() * 300) })
  const validation = [...r.validation]
  for (let s = step; s <= step + n; s += 1) if (s % 50 === 0 && !validation.some((v: any) => v.step === s)) validation.push({ step: s, loss: curve(s) + 0.07, bitsPerByte: (curve(s) + 0.07) / Math.LN2, sigreg: 0.02 })
  step += n
  stores.run.setState({ revision: r.revision + 1, validation })
}
const phase = q.get('phase') ?? 'idle'
if (phase !== 'idle') {
  stores.run.setState({ phase, runId: 'calm-otter', name: 'calm-otter', totalSteps: 2000, memoryBytes: 83_000_000, checkpoint: { runId: 'calm-otter', step: 1200, savedAt: Date.now() - 42_000, weightsDigest: '', validationLoss: 2.8 }, sample: { step: 1200, prompt: 'The ', text: 'moon stands over the water and the boats are in the harbour, and whoever\nkeeps the marks of the old post writes the line of the day' }, notes: [{ at: Date.now(), text: 'Checkpoint of step 1200 saved.' }, { at: Date.now() - 6e5, text: 'Paused at step 1,100.' }, { at: Date.now() - 9e5, text: 'Validation before the first step: 5.6504.' }], error: phase === 'failed' ? { code: 'device-lost', message: 'The GPU was lost at step 1,240.', hint: 'Close other programs that use it, then continue.', retryable: true } : null })
  push(1240)
  if (q.has('live')) setInterval(() => push(3), 100)
}
const actions = new Proxy({}, { get: (_, name) => (...args: unknown[]) => { console.log('action', String(name), args.length, args[0] instanceof Array ? args[0].length : JSON.stringify(args[0], (_k, v) => typeof v === 'bigint' ? `${v}` : v)); return name === 'exportSecret' ? Promise.resolve('somaprivkey1qz8f3k7h3xq0v7q5x5q0') : name === 'editRecipe' ? stores.setup.setState((s: any) => ({ recipe: { ...s.recipe, ...(args[0] as object) } })) : name === 'chooseStart' ? stores.setup.setState({ start: args[0] }) : name === 'chooseConfig' ? stores.setup.setState({ recipe: defaultRecipe(args[0] as 'v1') }) : name === 'importSecret' ? Promise.reject(new Error('This is not a key.')) : Promise.resolve() } }) as any
Object.assign(window, { stores })
createRoot(document.getElementById('root')!).render(<App open={() => ({ stores, actions })} />)
