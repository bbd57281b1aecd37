import { PasswordInput, TextInput } from '@mantine/core'
import { StudioError } from '../../lib/studio-error.ts'
import { MIN_PASSPHRASE_LENGTH } from '../../wallet/sealed-secret.ts'

/** What every new account with a key here needs: a name, and a passphrase twice. */
export function NewAccountFields() {
  return (
    <>
      <TextInput
        name="name"
        label="Name"
        defaultValue="My account"
        autoComplete="off"
        data-testid="name-input"
      />
      <PasswordInput
        name="passphrase"
        label="Passphrase"
        description={`At least ${MIN_PASSPHRASE_LENGTH} characters. It encrypts the key on this device; nobody can reset it.`}
        autoComplete="new-password"
        data-testid="passphrase-input"
        visibilityToggleButtonProps={{ 'aria-label': 'Show the passphrase' }}
        required
        withAsterisk={false}
      />
      <PasswordInput
        name="again"
        label="Passphrase again"
        autoComplete="new-password"
        data-testid="passphrase-again"
        visibilityToggleButtonProps={{ 'aria-label': 'Show the repeated passphrase' }}
        required
        withAsterisk={false}
      />
    </>
  )
}

/** The passphrase of both fields; throws 'bad-input' where they differ. */
export function readPassphrase(text: (name: string) => string): string {
  if (text('passphrase') !== text('again')) {
    throw new StudioError('bad-input', 'The two passphrases are not the same.', {
      hint: 'Nothing was stored. Type both again.',
    })
  }
  return text('passphrase')
}
