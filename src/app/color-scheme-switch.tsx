import { ActionIcon, type MantineColorScheme, useMantineColorScheme } from '@mantine/core'
import { Icon } from '../ui/icons.tsx'

const order: readonly MantineColorScheme[] = ['auto', 'dark', 'light']
const words: Readonly<Record<MantineColorScheme, string>> = {
  auto: 'as the system',
  dark: 'dark',
  light: 'light',
}

/** Goes round the colour schemes. */
export function ColorSchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const next = order[(order.indexOf(colorScheme) + 1) % order.length] ?? 'auto'
  return (
    <ActionIcon
      variant="subtle"
      size="lg"
      aria-label={`Colours: ${words[colorScheme]}. Change to ${words[next]}`}
      title={`Colours: ${words[colorScheme]}`}
      onClick={() => setColorScheme(next)}
    >
      <Icon name={colorScheme} />
    </ActionIcon>
  )
}
