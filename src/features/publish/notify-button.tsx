import { Button } from '@mantine/core'
import { useState } from 'react'
import { Sub } from '../../ui/text.tsx'

const permission = () => (typeof Notification === 'undefined' ? 'denied' : Notification.permission)

/** Asks the browser to let this page notify when the reveal falls due while another page is looked at. */
export function NotifyButton() {
  const [state, setState] = useState(permission)
  const [asked, setAsked] = useState(false)
  if (state === 'granted')
    return <Sub>You are notified when it opens, as long as this page is open somewhere.</Sub>
  if (state === 'denied') return asked ? <Sub>The browser does not let this page notify you.</Sub> : null
  const ask = async () => {
    setAsked(true)
    setState(await Notification.requestPermission())
  }
  return (
    <Button size="xs" data-testid="notify-button" onClick={() => void ask()}>
      Notify me
    </Button>
  )
}
