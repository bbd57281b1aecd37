import { create, globals } from 'webgpu'
Object.assign(globalThis, globals)
const gpu = create([])
Object.assign(globalThis,{WorkerGlobalScope: class {}, navigator: {gpu, userAgent:''}})
const t0=performance.now()
const { openDevice } = await import('../src/gpu/open-device.ts')
const { openTfjsDevice } = await import('../src/gpu/tfjs-device.ts')
const { createTrainingEngine } = await import('../src/engine/create-training-engine.ts')
const { modelConfigs } = await import('../src/model/model-config.ts')
const device = await openDevice(gpu as unknown as GPU)
console.log(device.adapterInfo.description, device.adapterInfo.vendor, device.isFallback)
const tfd = await openTfjsDevice(device)
for (const name of ['small','practice'] as const) {
const engine = createTrainingEngine(modelConfigs[name], tfd)
await engine.initialise(1)
const rows=8, sequence=name==='small'?128:256
const tokens = Int32Array.from({length: rows*sequence},(_, i)=>97+(i*7%26)), targets=tokens.slice(1); const tt=new Int32Array(rows*sequence); tt.set(targets)
for (let s=0;s<4;s++){ const t=performance.now(); const r=await engine.step({microBatches:[{tokens,targets:tt,rows,sequence}],learningRate:1e-3,dropout:0,seed:1}); console.log(name,r.loss.toFixed(4),(performance.now()-t).toFixed(0),'ms') }
const t=performance.now(); const e=await engine.evaluate({tokens,targets:tt,rows,sequence}); console.log('eval',(performance.now()-t).toFixed(0),e.nats/e.targets)
engine.dispose()
}
process.exit(0)
