import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type VariantColorsResolver,
} from '@mantine/core'

/** Buttons and icons take their colours from the page's own variables, so that both schemes follow tokens.css. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input)
  if (input.variant === 'filled') {
    const isBad = input.color === 'red'
    return {
      ...colors,
      background: isBad ? 'var(--bad)' : 'var(--accent)',
      hover: isBad ? 'color-mix(in srgb, var(--bad) 85%, var(--text))' : 'var(--accent-hover)',
      color: isBad ? 'var(--bg)' : 'var(--accent-ink)',
      border: '1px solid transparent',
    }
  }
  if (input.variant === 'default') {
    return {
      ...colors,
      background: 'var(--raised)',
      hover: 'var(--raised-hover)',
      color: 'var(--text)',
      border: '1px solid var(--line)',
    }
  }
  if (input.variant === 'subtle') {
    return {
      ...colors,
      background: 'transparent',
      hover: 'var(--raised)',
      color: input.color === 'red' ? 'var(--bad)' : 'var(--accent)',
      border: '1px solid transparent',
    }
  }
  return colors
}

const variables = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--muted)',
  '--mantine-color-placeholder': 'var(--faint)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-default': 'var(--panel)',
  '--mantine-color-default-hover': 'var(--raised)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
  '--mantine-color-disabled': 'var(--raised)',
  '--mantine-color-disabled-color': 'var(--faint)',
}

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, dark: variables, light: variables })

/** Greys of Mantine's dark scheme, brightest first, in the page's own hue. */
const dark = [
  '#e7eaf0',
  '#c5cbd6',
  '#8d97a7',
  '#7f8998',
  '#252d38',
  '#222a35',
  '#1a2029',
  '#141920',
  '#0d1015',
  '#090b0f',
] as const

const field = { styles: { input: { borderColor: 'var(--field-line)' } } }

export const theme = createTheme({
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  colors: { dark },
  primaryColor: 'blue',
  defaultRadius: 8,
  cursorType: 'pointer',
  variantColorResolver,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '15px', xl: '18px' },
  components: {
    Button: { defaultProps: { variant: 'default', size: 'sm' } },
    NativeSelect: { defaultProps: { size: 'sm', ...field } },
    NumberInput: { defaultProps: { size: 'sm', hideControls: true, ...field } },
    PasswordInput: { defaultProps: { size: 'sm', ...field } },
    TextInput: { defaultProps: { size: 'sm', ...field } },
    Textarea: { defaultProps: { size: 'sm', ...field } },
    Notification: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        styles: {
          root: { background: 'var(--raised)', borderColor: 'var(--line)' },
          title: { color: 'var(--text)' },
          description: { color: 'var(--muted)' },
        },
      },
    },
    Modal: {
      defaultProps: {
        centered: true,
        radius: 10,
        closeButtonProps: { 'aria-label': 'Close' },
        // Its <header> would count as a second banner of the page.
        attributes: { header: { role: 'presentation' } },
        styles: {
          content: { background: 'var(--panel)', border: '1px solid var(--line)' },
          header: { background: 'var(--panel)' },
          title: { fontWeight: 600 },
        },
      },
    },
  },
})
