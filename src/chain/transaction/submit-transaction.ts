import { delay, throwIfAborted } from '../../lib/abort.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { TransactionKindInput } from '../bcs/transaction.ts'
import type { ChainClient } from '../chain-client.ts'
import { type EffectsView, failureError } from '../effects-view.ts'
import type { SomaId } from '../ids.ts'
import type { Network } from '../networks.ts'
import { previewTransaction, type TransactionPreview } from '../preview.ts'
import { isAnswerLost, isStaleObject, isUnreadable } from '../rpc-error.ts'
import { verifySignature } from '../signature.ts'
import type { Signer } from '../signer.ts'
import type { SystemStateView } from '../system-state-view.ts'
import { type BuiltTransaction, buildTransaction } from './build-transaction.ts'
import { checkFunds } from './check-funds.ts'
import { checkTransaction } from './check-transaction.ts'
import { totalOf } from './choose-gas.ts'
import { forecastFee } from './forecast-fee.ts'
import { inputRefs } from './input-coins.ts'
import { planKind, type TransactionPlan } from './plan.ts'

/** Stale coins are read anew this often; the official client does the same. */
const MAX_ATTEMPTS = 5

export interface PreparedTransaction {
  readonly built: BuiltTransaction
  readonly preview: TransactionPreview
  readonly simulation: EffectsView
  readonly state: SystemStateView
}

export interface SubmitOptions {
  readonly client: ChainClient
  readonly network: Network
  readonly signer: Signer
  /** The transaction, or the plan that makes it out of the coins as they are at each attempt. */
  readonly kind: TransactionKindInput | TransactionPlan
  /**
   * Called with what is about to be signed; save here what must not be lost. False cancels. Called again where a
   * coin changed meanwhile, since digest and created ids change with it.
   */
  readonly confirm?: (prepared: PreparedTransaction) => boolean | Promise<boolean>
  readonly signal?: AbortSignal
}

export interface SubmittedTransaction extends PreparedTransaction {
  readonly signature: Uint8Array
  /** Commit epoch, fee and new object references come from here, not from lists that lag. */
  readonly effects: EffectsView
}

/** Kinds whose checks and words depend on what the registry says of one model. */
function changesOwnModel({ kind }: BuiltTransaction['data']): boolean {
  return ['CommitModel', 'RevealModel', 'SetModelCommissionRate', 'DeactivateModel'].includes(kind.$kind)
}

/** Builds and simulates a transaction for `sender`, signs nothing. Rejects with 'refused' where it would fail. */
export async function prepareTransaction(
  client: ChainClient,
  sender: SomaId,
  kind: TransactionKindInput | TransactionPlan,
  signal?: AbortSignal,
): Promise<PreparedTransaction> {
  const query = signal === undefined ? {} : { signal }
  const [known, coins] = await Promise.all([
    client.systemState({ ...query, within: 'epoch' }),
    client.coins(sender, signal),
  ])
  const plan = typeof kind === 'function' ? kind : planKind(kind)
  const make = async (state: SystemStateView) => {
    const planned = await plan({ client, sender, state, coins, signal })
    const built = buildTransaction(
      planned.kind,
      sender,
      planned.gas.map(({ ref }) => ref),
    )
    const { data } = built
    checkTransaction(data, state)
    checkFunds(data, coins, forecastFee(data, state.parameters, planned.known).totalFee, state.parameters)
    return { state, built }
  }
  // What a registry that was read earlier does not allow, and what is said of own models, must be so at this moment.
  const first = await make(known).catch((error: unknown) => StudioError.from(error))
  const needsNow = first instanceof StudioError ? first.code === 'refused' : changesOwnModel(first.built.data)
  const now = needsNow ? await client.systemState(query) : known
  const made = now === known ? first : await make(now)
  if (made instanceof StudioError) throw made
  const { built, state } = made
  const { data } = built
  const simulation = await client.simulate(built.bytes, signal)
  if (!simulation.success) throw failureError(simulation, false)
  // The exact fee, in case it is more than was forecast.
  checkFunds(data, coins, simulation.fee.totalFee, state.parameters)
  const preview = previewTransaction(built.bytes, { state, balance: totalOf(coins), simulation })
  return { built, preview, simulation, state }
}

/**
 * Prepares, asks, signs, sends and reads the effects. Resolves only when the network has executed it successfully;
 * rejects with 'refused' (and the network's reason), 'cancelled' where `confirm` said no, or 'network'.
 */
export async function submitTransaction(options: SubmitOptions): Promise<SubmittedTransaction> {
  const { client, network, signer, kind, confirm, signal } = options
  if (signer.networkRestriction !== undefined && signer.networkRestriction !== network.kind) {
    throw new StudioError('refused', `This account cannot be used on ${network.name}.`, {
      hint: 'Nothing was signed. Use an account made for this network.',
    })
  }
  for (let attempt = 1; ; attempt += 1) {
    let built: BuiltTransaction | undefined
    try {
      const prepared = await prepareTransaction(client, signer.address, kind, signal)
      if (confirm !== undefined && !(await confirm(prepared))) {
        throw new StudioError('cancelled', 'Not signed. Nothing was sent.')
      }
      throwIfAborted(signal)
      built = prepared.built
      const { bytes } = built
      const signature = await signer.sign(bytes, network)
      if (!verifySignature(bytes, signature, signer.address)) {
        throw new StudioError('refused', 'The signature is not one of this account for this transaction.', {
          hint: 'Nothing was sent. Check which account the signer uses.',
        })
      }
      const effects = await sendSigned(client, built, signature)
      if (!effects.success) throw failureError(effects, true)
      return { ...prepared, signature, effects }
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) throw error
      const stale =
        isStaleObject(error) || (isUnreadable(error) && built && (await inputsMoved(client, built)))
      if (!stale) throw error
      await delay(200 * attempt, signal)
    }
  }
}

/**
 * Whether an owned object of the transaction has another version by now, or is gone. A page of another origin cannot
 * read why a node refused; this is the one reason that trying again cures.
 */
async function inputsMoved(client: ChainClient, { data }: BuiltTransaction): Promise<boolean> {
  const moved = await Promise.all(
    [...data.gasPayment, ...inputRefs(data.kind)].map(async ({ objectId, version }) => {
      const now = await client.object(objectId).catch(() => null)
      return now === null || now.ref.version !== version
    }),
  )
  return moved.some(Boolean)
}

/**
 * Sends signed bytes until an answer comes. Sending the same bytes again is safe: a node answers with the effects
 * that it has. Once sent, a transaction cannot be called back, so no signal stops this.
 */
async function sendSigned(
  client: ChainClient,
  built: BuiltTransaction,
  signature: Uint8Array,
): Promise<EffectsView> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await client.execute(built.bytes, signature)
    } catch (error) {
      // A refusal whose reason cannot be read is tried once more, in case the answer was lost on the way.
      if (!isAnswerLost(error) && !(isUnreadable(error) && attempt === 1)) throw error
      const known = await client.transaction(built.digest).catch(() => null)
      if (known !== null) return known
      if (attempt === MAX_ATTEMPTS) {
        throw new StudioError('network', 'The transaction was sent, but no answer came.', {
          hint: `It may have been executed: look for ${built.digest} before you try again. Nothing was lost on this device.`,
          retryable: true,
          cause: error,
        })
      }
      await delay(500 * attempt)
    }
  }
}
