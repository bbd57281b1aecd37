import { Button, PasswordInput, Textarea } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import type { PromptView } from '../../stores/signing-store.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import { useAct } from '../studio-context.tsx'
import styles from './review.module.css'

/** A question of the signer in use. What is typed goes to the signer and is kept nowhere. */
export function PromptContent({ view }: { view: PromptView }) {
  const { prompt, checking, fault } = view
  const said = fault === null ? null : [fault.message, fault.hint].filter(Boolean).join(' ')
  if (prompt.kind === 'wallet') {
    return (
      <div role="status">
        <Sub>
          Review and sign it in the wallet’s own window. What it returns is checked before it is sent.
        </Sub>
        <Foot checking={false} />
      </div>
    )
  }
  if (prompt.kind === 'passphrase') {
    return (
      <AnswerForm checking={checking} button="Unlock and sign">
        <PasswordInput
          name="answer"
          label="Passphrase"
          description="It unlocks the key for this and the next signatures, until it locks itself again."
          autoComplete="current-password"
          data-autofocus
          data-testid="prompt-passphrase"
          visibilityToggleButtonProps={{ 'aria-label': 'Show the passphrase' }}
          error={said}
          required
          withAsterisk={false}
        />
      </AnswerForm>
    )
  }
  return (
    <AnswerForm checking={checking} button="Check and send">
      <Sub>Run this where the key is, with the network’s command line tools. Nothing secret is in it.</Sub>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the arrow keys could not scroll it */}
      <section className={styles.bytes} aria-label="Command" tabIndex={0}>
        <Code testId="offline-command">{prompt.command}</Code>
      </section>
      <CopyButton text={prompt.command} label="Copy command" /> ·{' '}
      <CopyButton text={prompt.data} label="Copy bytes only" />
      <Textarea
        className={styles.spaced ?? ''}
        name="answer"
        label="What it prints"
        description="The signature in Base64, or the whole signed transaction. It is checked against this transaction before it is sent; until then its coins must not be used elsewhere."
        autosize
        minRows={3}
        maxRows={8}
        spellCheck={false}
        autoComplete="off"
        data-autofocus
        data-testid="prompt-signature"
        error={said}
        required
        withAsterisk={false}
      />
    </AnswerForm>
  )
}

function AnswerForm(props: { children: ReactNode; button: string; checking: boolean }) {
  const act = useAct()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const answer = new FormData(event.currentTarget).get('answer')
    act((actions) => actions.answerPrompt(String(answer ?? '')))
  }
  return (
    <form onSubmit={submit}>
      {props.children}
      <Foot checking={props.checking} button={props.button} />
    </form>
  )
}

function Foot({ button, checking }: { button?: string; checking: boolean }) {
  const act = useAct()
  return (
    <div className={styles.foot}>
      <span />
      <Button data-testid="prompt-cancel" onClick={() => act((actions) => actions.cancelPrompt())}>
        Cancel
      </Button>
      {button && (
        <Button type="submit" variant="filled" data-testid="prompt-submit" loading={checking}>
          {button}
        </Button>
      )}
    </div>
  )
}
