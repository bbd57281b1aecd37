import type { SignerPrompt } from '../../wallet/signer-prompts.ts'

export function promptTitle(prompt: SignerPrompt): string {
  switch (prompt.kind) {
    case 'passphrase':
      return `Unlock ${prompt.name}`
    case 'offline':
      return 'Sign on the other machine'
    case 'wallet':
      return `Waiting for ${prompt.name}`
    default:
      return prompt satisfies never
  }
}
