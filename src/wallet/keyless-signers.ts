import { base64 } from '@scure/base'
import type { SomaId } from '../chain/ids.ts'
import type { Signer } from '../chain/signer.ts'
import { compactAddress } from '../lib/soma-address.ts'
import { StudioError } from '../lib/studio-error.ts'
import { readOfflineAnswer } from './offline-answer.ts'
import type { SignerPrompts } from './signer-prompts.ts'

/** The command that signs the Base64 bytes on a machine whose keystore has the address. */
export function signCommand(address: SomaId, data: string): string {
  return `soma keytool sign --address ${address} --data ${data}`
}

/** Shows the bytes to sign and takes the signature back as pasted text. */
export function offlineSigner(address: SomaId, prompts: SignerPrompts): Signer {
  return {
    kind: 'offline',
    address,
    sign(transactionData) {
      const data = base64.encode(transactionData)
      const prompt = { kind: 'offline', address, data, command: signCommand(address, data) } as const
      return prompts.ask(prompt, async (answer) => readOfflineAnswer(answer, transactionData, address))
    },
  }
}

/** An address without a key: everything can be looked at and reviewed, nothing signed. */
export function watchOnlySigner(address: SomaId): Signer {
  return {
    kind: 'watch-only',
    address,
    sign: async () => {
      throw watchOnlyRefusal(address)
    },
  }
}

export function watchOnlyRefusal(address: SomaId): StudioError {
  return new StudioError('refused', `${compactAddress(address)} is only watched: its key is not here.`, {
    hint: 'Nothing was signed. Import its key, or add it as an account that signs on another machine.',
  })
}
