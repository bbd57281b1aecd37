import { base64 } from '@scure/base'
import { normaliseId } from '../chain/ids.ts'
import { verifySignature } from '../chain/signature.ts'
import type { Signer } from '../chain/signer.ts'
import { equalBytes } from '../lib/equal-bytes.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { SignerPrompts } from './signer-prompts.ts'
import type { SomaWallet, StandardAccount } from './wallet-standard.ts'

/** EIP-1193's number for "the user said no", which wallets of other chains use as well. */
const USER_REJECTED = 4001

/** An account of a browser wallet, which reviews and signs in its own window. */
export function walletStandardSigner(
  wallet: SomaWallet,
  account: StandardAccount,
  prompts: SignerPrompts,
): Signer {
  const address = normaliseId(account.address)
  return {
    kind: 'wallet-standard',
    address,
    async sign(transactionData, network) {
      const transaction = base64.encode(transactionData)
      const chain = `soma:${network.kind}`
      const asked = wallet.signTransaction({ account, chain, transaction }).catch((error: unknown) => {
        throw walletError(wallet, error)
      })
      const answer = await prompts.wait({ kind: 'wallet', name: wallet.name }, asked)
      const { bytes, signature } = readAnswer(wallet, answer)
      if (!equalBytes(bytes, transactionData) || !verifySignature(transactionData, signature, address)) {
        throw new StudioError('refused', `${wallet.name} signed something else than what was reviewed.`, {
          hint: 'Nothing was sent. Do not use this wallet until you know why.',
        })
      }
      return signature
    },
  }
}

function readAnswer(wallet: SomaWallet, answer: unknown): { bytes: Uint8Array; signature: Uint8Array } {
  try {
    const { bytes, signature } = answer as { bytes: string; signature: string }
    const read = { bytes: base64.decode(bytes), signature: base64.decode(signature) }
    if (read.signature.length === 97) return read
  } catch {
    // The same error below.
  }
  throw new StudioError('refused', `${wallet.name} gave an answer without a signature.`, {
    hint: 'Nothing was sent. Try another account or wallet.',
  })
}

function walletError(wallet: SomaWallet, error: unknown): StudioError {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  const said = typeof message === 'string' ? message.slice(0, 200) : ''
  if (code === USER_REJECTED || /reject|declin|denied|cancel/i.test(said)) {
    return new StudioError('cancelled', 'Not signed. Nothing was sent.')
  }
  return new StudioError('refused', `${wallet.name} did not sign: ${said || 'it gave no reason'}.`, {
    hint: 'Nothing was sent. Look at the wallet, then try again.',
  })
}
