import type { TransactionKindInput } from '../../chain/bcs/transaction.ts'
import { blake2b256 } from '../../chain/digests.ts'
import { digestToText, normaliseId } from '../../chain/ids.ts'
import type { TransactionPreview } from '../../chain/preview.ts'
import type { Signer } from '../../chain/signer.ts'
import { buildTransaction } from '../../chain/transaction/build-transaction.ts'
import { planKind, type TransactionPlan } from '../../chain/transaction/plan.ts'
import {
  type PreparedTransaction,
  type SubmittedTransaction,
  submitTransaction,
} from '../../chain/transaction/submit-transaction.ts'
import { equalBytes } from '../../lib/equal-bytes.ts'
import { parseSoma } from '../../lib/soma-amount.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { watchOnlyRefusal } from '../../wallet/keyless-signers.ts'
import type { PromptDesk } from '../prompt-desk.ts'
import type { PreviewCheck, SigningRequest, SigningSeries } from '../signing-store.ts'
import type { StudioParts } from '../studio-parts.ts'
import type { NetworkActions } from './network-actions.ts'
import { planPayment } from './plan-payment.ts'

/** Compares the bytes that will be signed with what is on this device; what does not match blocks the signature. */
export type CheckBytes = (prepared: PreparedTransaction) => readonly PreviewCheck[]

/** What a transaction of several is told besides. */
export interface TransactOptions {
  readonly series?: SigningSeries
  /** What those after it would do, for an answer that is for all of them; asked of practice accounts alone. */
  readonly others?: (signal: AbortSignal) => Promise<readonly TransactionPreview[]>
  /** Whether the person has agreed to just this before; asked of practice accounts alone. */
  readonly agreed?: (prepared: PreparedTransaction) => boolean
}

export function signingActions(parts: StudioParts, networkActions: NetworkActions, desk: PromptDesk) {
  const { stores, chain } = parts
  const { signing, wallet, publish } = stores
  let reply: ((sign: boolean) => void) | undefined
  let abort: AbortController | undefined

  const edit = (change: Partial<SigningRequest>) =>
    signing.setState(({ request }) => ({ request: request && { ...request, ...change } }))

  /** Throws 'refused' while another signature is asked for, here or on the Publish screen. */
  function refuseSecond(): void {
    const { wizard } = publish.getState()
    const { request, prompt } = signing.getState()
    const open = request !== null && request.stage !== 'receipt' && request.stage !== 'failed'
    if (!open && !prompt && !wizard?.signing && !wizard?.review) return
    throw new StudioError('refused', 'Another transaction waits for your signature.', {
      hint: 'Nothing was started. Sign or cancel that one first.',
    })
  }

  /** The first act on a network without an account leads to where one is made. */
  function signerInUse(): Signer {
    if (wallet.getState().needsAccount) stores.view.setState({ screen: 'wallet' })
    return parts.wallet()
  }

  const answer = () =>
    new Promise<boolean>((resolve) => {
      reply = (sign) => {
        reply = undefined
        resolve(sign)
      }
    })

  /**
   * Prepares a transaction of the account in use, shows it, and signs and sends it where the person agrees. Resolves
   * with null where they do not, or where it failed: the dialog says why. Rejects only while another one is open.
   */
  async function transact(
    wanted: TransactionKindInput | TransactionPlan,
    check: CheckBytes = () => [],
    { series, others, agreed }: TransactOptions = {},
  ): Promise<SubmittedTransaction | null> {
    refuseSecond()
    const signer = signerInUse()
    if (signer.kind === 'watch-only') throw watchOnlyRefusal(signer.address)
    const { network, accounts } = wallet.getState()
    const account = accounts.find(({ address }) => address === signer.address)?.name ?? signer.address
    const controller = new AbortController()
    abort = controller
    // A plan names the coins as they are at each attempt; what it planned last is what the bytes must hold.
    let kind: TransactionKindInput | undefined
    const plan: TransactionPlan = async (context) => {
      const planned = await (typeof wanted === 'function' ? wanted : planKind(wanted))(context)
      kind = planned.kind
      return planned
    }
    signing.setState({
      request: {
        stage: 'preparing',
        account,
        network: network.name,
        ...(series ? { series } : {}),
        review: null,
        receipt: null,
        error: null,
      },
    })
    try {
      const submitted = await submitTransaction({
        client: chain,
        network,
        signer,
        kind: plan,
        signal: controller.signal,
        async confirm(prepared) {
          const { built, preview, simulation } = prepared
          const checks = [checkRequest(kind!, signer, prepared), ...check(prepared)]
          const written = simulation.changes.filter(({ ref }) => ref !== null).length
          const simulated = { ok: simulation.success, text: `Succeeds; writes ${written} objects` }
          if (series && others && signer.kind === 'practice')
            edit({ series: { ...series, others: await others(controller.signal) } })
          edit({ stage: 'review', review: { preview, bytes: built.bytes, checks, simulated } })
          const known = signer.kind === 'practice' && agreed?.(prepared) === true
          const now = signing.getState().request?.series
          // It is not what was agreed to, so it is asked for.
          if (!known && now?.answered) edit({ series: { ...now, answered: false } })
          if (!known && !(await answer())) return false
          refuseMismatch(checks)
          if (wallet.getState().address !== signer.address || wallet.getState().network !== network) {
            throw new StudioError('refused', 'Another account or network is in use since this was shown.', {
              hint: 'Nothing was signed. Start again with the account that you want.',
            })
          }
          edit({ stage: 'signing' })
          return true
        },
      })
      const { effects, built } = submitted
      const receipt = { digest: built.digest, epoch: Number(effects.epoch), fee: effects.fee.totalFee }
      edit({ stage: 'receipt', receipt })
      await networkActions.refreshAccount()
      return submitted
    } catch (thrown) {
      const error = StudioError.from(thrown)
      if (error.code === 'cancelled') signing.setState({ request: null })
      else edit({ stage: 'failed', error: error.serialise() })
      // A transaction that failed has cost its fee all the same.
      if (error.code !== 'cancelled') await networkActions.refreshAccount()
      return null
    }
  }

  return {
    transact,
    /** Sends SOMA; `amount` is a decimal text such as 1.5. */
    async sendSoma(recipient: string, amount: string) {
      const to = normaliseId(recipient, 'address')
      const shannons = parseSoma(amount)
      if (shannons === 0n) throw new StudioError('bad-input', 'There is nothing to send: the amount is 0.')
      const coins = await chain.coins(signerInUse().address)
      return (await transact(planPayment(coins, to, shannons))) !== null
    },
    signRequest: () => reply?.(true),
    /**
     * Says no to the request on screen, or closes what it ended with. Not while a signature is on its way: then no more of
     * its series follow.
     */
    closeRequest() {
      const { request } = signing.getState()
      if (!request) return
      if (request.stage === 'signing' || (request.series?.answered && isUnderWay(request))) {
        if (request.series) edit({ series: { ...request.series, stopping: true } })
        return
      }
      abort?.abort()
      reply?.(false)
      signing.setState({ request: null })
    },
    answerPrompt: (text: string) => desk.answer(text),
    cancelPrompt: () => desk.cancel(),
  }
}

export type SigningActions = ReturnType<typeof signingActions>

/** Whether more of a series that was answered for is to come. */
function isUnderWay({ stage, series }: SigningRequest): boolean {
  return stage === 'receipt' ? series?.at !== series?.of && series?.stopping === false : stage !== 'failed'
}

/** The bytes hold what was asked for, by this account, and nothing else. */
function checkRequest(
  kind: TransactionKindInput,
  signer: Signer,
  { built }: PreparedTransaction,
): PreviewCheck {
  const asked = buildTransaction(kind, signer.address, built.data.gasPayment).bytes
  return {
    label: 'Request',
    value: digestToText(blake2b256(asked)),
    detail: 'encoded again from what was asked for, with your address',
    matches: equalBytes(asked, built.bytes),
  }
}

function refuseMismatch(checks: readonly PreviewCheck[]): void {
  const mismatch = checks.find(({ matches }) => !matches)
  if (!mismatch) return
  throw new StudioError('refused', `${mismatch.label} does not match what is on this device.`, {
    hint: 'Nothing was signed.',
  })
}
