import type { Signer } from '../../chain/signer.ts'

/** What an account of a kind can do, in a word and in a sentence. */
export const accountKindWords: Readonly<Record<Signer['kind'], readonly [string, string]>> = {
  practice: [
    'practice',
    'This account was made on this device for practice only. It signs for the practice network and can never sign for another one.',
  ],
  local: [
    'passphrase',
    'Its secret is on this device, encrypted with your passphrase. It is asked for when something is signed.',
  ],
  offline: [
    'signs elsewhere',
    'Its key is on another machine. The page shows what to sign there and takes the signature back.',
  ],
  'watch-only': ['watched', 'Only an address: its coins and models can be looked at, nothing can be signed.'],
  'wallet-standard': [
    'browser wallet',
    'Its key is in a wallet of this browser, which shows and signs in its own window.',
  ],
}
