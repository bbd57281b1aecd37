import { useEffect, useState } from 'react'
import { LinkButton } from './text.tsx'

/** Puts a text on the clipboard and says so; says so too where the browser refuses. */
export function CopyButton(props: { text: string; label?: string }) {
  const [state, setState] = useState<'ready' | 'copied' | 'refused'>('ready')
  useEffect(() => {
    if (state === 'ready') return
    const timer = setTimeout(() => setState('ready'), 2500)
    return () => clearTimeout(timer)
  }, [state])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text)
      setState('copied')
    } catch {
      setState('refused')
    }
  }
  const words = {
    ready: props.label ?? 'Copy',
    copied: 'Copied',
    refused: 'The browser refused; select and copy',
  }
  return (
    <LinkButton onClick={() => void copy()} aria-live="polite">
      {words[state]}
    </LinkButton>
  )
}
