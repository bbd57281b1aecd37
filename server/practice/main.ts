import { addressOf } from '../options.ts'
import { type PracticeServerOptions, readPracticeOptions, usage } from './options.ts'
import { readWorld, startPractice } from './start-practice.ts'

function optionsOrExit(): PracticeServerOptions {
  try {
    const options = readPracticeOptions(process.argv.slice(2))
    if (!options.help) return options
    console.log(usage)
    process.exit(0)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`)
    process.exit(2)
  }
}

const options = optionsOrExit()
try {
  const { ports, scorer, close } = await startPractice(options, await readWorld(options.config))
  const url = addressOf(options.host, ports.rpc).replace(/\/$/, '')
  const beside = [`faucet ${ports.faucet}`, `scoring ${ports.scoring}`, `admin ${ports.admin}`]
  if (ports.blobs !== undefined) beside.push(`blobs ${ports.blobs}`)
  console.log(`Practice network (${options.config}) ready: ${url}; ${beside.join(', ')}; scores by ${scorer}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => close().then(() => process.exit(0)))
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
