import { ActionIcon, AppShell } from '@mantine/core'
import { shortSoma } from '../features/short-soma.ts'
import { useStudioState } from '../features/studio-context.tsx'
import { formatBytes } from '../lib/format-bytes.ts'
import { compactAddress } from '../lib/soma-address.ts'
import { formatSoma } from '../lib/soma-amount.ts'
import { Icon } from '../ui/icons.tsx'
import { Pill } from '../ui/pill.tsx'
import { ColorSchemeSwitch } from './color-scheme-switch.tsx'
import styles from './shell.module.css'

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Which network, which device, which account: always in sight. */
export function Header({ onHelp, onSearch }: { onHelp: () => void; onSearch: () => void }) {
  return (
    <AppShell.Header className={styles.header}>
      <h1 className={styles.brand}>SOMA Studio</h1>
      <NetworkPill />
      <span className={styles.grow} />
      <DevicePill />
      <AccountPill />
      <button
        type="button"
        className={styles.search}
        aria-keyshortcuts="Control+K Meta+K"
        data-testid="search-button"
        onClick={onSearch}
      >
        <Icon name="search" size={15} />
        <span>Search and commands</span>
        <kbd>{isApple ? '⌘ K' : 'Ctrl K'}</kbd>
      </button>
      <ColorSchemeSwitch />
      <ActionIcon
        variant="subtle"
        size="lg"
        aria-label="Help and keys"
        title="Help and keys"
        className={styles.help}
        onClick={onHelp}
      >
        <Icon name="help" />
      </ActionIcon>
    </AppShell.Header>
  )
}

function NetworkPill() {
  const { status, world, system, advancing, network } = useStudioState('network', (state) => state)
  const isPractice = network.kind === 'practice'
  const tone = status === 'ready' ? 'ok' : status === 'failed' ? 'bad' : 'quiet'
  const waiting = isPractice ? 'starting…' : 'waiting…'
  const known = advancing ? 'next epoch…' : system ? `epoch ${system.epoch}` : waiting
  const epoch = status === 'failed' ? 'not answering' : known
  return (
    <Pill
      tone={tone}
      href="#network"
      title={
        isPractice
          ? `Practice network, ${world} world. Its epoch ends when you advance it, not by the clock.`
          : `${network.name}, ${network.urls.rpc}`
      }
    >
      <b>{network.name}</b>
      <span
        className={styles.wide}
        data-testid="network-pill"
        data-epoch={system ? `${system.epoch}` : undefined}
      >
        {isPractice && `${world} world, `}
        {epoch}
      </span>
      <span className={styles.narrow}>{epoch}</span>
    </Pill>
  )
}

function DevicePill() {
  const device = useStudioState('device', (state) => state)
  const memory = useStudioState('run', (state) => state.memoryBytes)
  const words =
    device.status === 'unknown'
      ? 'Looking for a GPU…'
      : device.status === 'missing'
        ? 'No WebGPU'
        : device.report.description
  return (
    <span className={styles.device}>
      <Pill
        {...(device.status === 'missing' ? { tone: 'warn' as const } : {})}
        href="#device"
        title={`${device.status === 'unknown' ? words : device.report.description}: limits, plan and benchmark`}
      >
        <span className={styles.clip}>{words}</span>
        {memory !== null && <b>{formatBytes(memory)}</b>}
      </Pill>
    </span>
  )
}

function AccountPill() {
  const { address, balance, needsAccount, network } = useStudioState('wallet', (state) => state)
  if (needsAccount) {
    return (
      <Pill tone="warn" href="#wallet" title={`${network.name} needs an account with a passphrase`}>
        No account
      </Pill>
    )
  }
  if (!address) return null
  const soma = balance === null ? '…' : `${shortSoma(balance)} SOMA`
  return (
    <Pill
      href="#wallet"
      title={`${address}, ${balance === null ? 'balance not read yet' : `${formatSoma(balance)} SOMA`}`}
    >
      <b>{compactAddress(address)}</b>
      <span className={styles.wide}>{soma}</span>
    </Pill>
  )
}
