/**
 * Browser wallets by the Wallet Standard (wallet-standard/base 1.x): a wallet announces itself by window events, the
 * page answers with a `register` function. No wallet with `soma:signTransaction` is known today; the shape of that
 * feature follows the one of the chains that SOMA's keys and transactions come from:
 *   signTransaction({account, chain: 'soma:testnet', transaction: Base64 of BCS TransactionData})
 *     -> {bytes: Base64 of what was signed, signature: Base64 of 97 bytes}
 */
export const SIGN_FEATURE = 'soma:signTransaction'

export interface StandardAccount {
  readonly address: string
  readonly label?: string
}

export interface SignTransactionInput {
  readonly account: StandardAccount
  readonly chain: string
  readonly transaction: string
}

export interface SignTransactionOutput {
  readonly bytes: string
  readonly signature: string
}

/** What the studio needs of an announced wallet. */
export interface SomaWallet {
  readonly name: string
  /** A data URL, or '' where the wallet gave none that is safe to show. */
  readonly icon: string
  readonly accounts: () => readonly StandardAccount[]
  connect(): Promise<readonly StandardAccount[]>
  signTransaction(input: SignTransactionInput): Promise<SignTransactionOutput>
}

/** Calls `onChange` with all wallets that can sign for SOMA, now and whenever one comes or goes. */
export function watchWallets(
  page: EventTarget,
  onChange: (wallets: readonly SomaWallet[]) => void,
): () => void {
  const found = new Map<object, SomaWallet>()
  const tell = () => onChange([...found.values()])
  const register = (...announced: unknown[]) => {
    const before = found.size
    for (const wallet of announced) {
      const read = readWallet(wallet)
      if (read) found.set(wallet as object, read)
    }
    if (found.size !== before) tell()
    return () => {
      const known = announced.filter((wallet) => found.delete(wallet as object))
      if (known.length > 0) tell()
    }
  }
  const api = { register }
  const listen = (event: Event) => {
    const { detail } = event as CustomEvent<unknown>
    if (typeof detail === 'function') (detail as (given: typeof api) => void)(api)
  }
  page.addEventListener('wallet-standard:register-wallet', listen)
  page.dispatchEvent(new CustomEvent('wallet-standard:app-ready', { detail: api }))
  return () => page.removeEventListener('wallet-standard:register-wallet', listen)
}

interface Announced {
  readonly name?: unknown
  readonly icon?: unknown
  readonly accounts?: unknown
  readonly features?: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>
}

/** Null for what is no wallet, or one that cannot sign for SOMA. Other scripts announce these: nothing is trusted. */
function readWallet(announced: unknown): SomaWallet | null {
  if (typeof announced !== 'object' || announced === null) return null
  const { name, icon, features } = announced as Announced
  const sign = features?.[SIGN_FEATURE] as Pick<SomaWallet, 'signTransaction'> | undefined
  const connect = features?.['standard:connect'] as { connect?: () => unknown } | undefined
  if (typeof name !== 'string' || typeof sign?.signTransaction !== 'function') return null
  const accounts = () => readAccounts((announced as Announced).accounts)
  return {
    name: name.slice(0, 40),
    icon: typeof icon === 'string' && /^data:image\/(svg\+xml|png|webp|gif);base64,/.test(icon) ? icon : '',
    accounts,
    async connect() {
      const reply = await connect?.connect?.()
      const given = readAccounts((reply as Announced | undefined)?.accounts)
      return given.length > 0 ? given : accounts()
    },
    signTransaction: async (input) => sign.signTransaction(input),
  }
}

function readAccounts(value: unknown): StandardAccount[] {
  if (!Array.isArray(value)) return []
  return value.filter((account: unknown): account is StandardAccount => {
    const { address } = (account ?? {}) as Partial<StandardAccount>
    return typeof address === 'string' && /^(0x)?[0-9a-f]{64}$/i.test(address)
  })
}
