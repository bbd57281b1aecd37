import type { SVGProps } from 'react'

const paths = {
  train: <path d="M2 15l5-6 4 3 7-9" />,
  network: (
    <>
      <circle cx="10" cy="4" r="2.4" />
      <circle cx="4" cy="15" r="2.4" />
      <circle cx="16" cy="15" r="2.4" />
      <path d="M9 6L5 13M11 6l4 7M6.5 15h7" />
    </>
  ),
  runs: <path d="M3 5h14M3 10h14M3 15h9" />,
  strategies: (
    <path d="M10 17.500v-6M10 11.500C10 8 4.500 8.500 4.500 4M10 11.500C10 8 15.500 8.500 15.500 4M2.500 6l2-2.300L6.800 6M13.200 6l2.300-2.300L17.500 6" />
  ),
  publish: <path d="M10 14V3M6 7l4-4 4 4M3 13v4h14v-4" />,
  wallet: (
    <>
      <rect x="2.5" y="5" width="15" height="11" rx="2" />
      <path d="M13 10.5h4.5" />
    </>
  ),
  help: (
    <>
      <circle cx="10" cy="10" r="7.5" />
      <path d="M7.8 7.8a2.2 2.2 0 114 1.3c-.8.6-1.8 1-1.8 2.3M10 14.2v.3" />
    </>
  ),
  auto: (
    <>
      <circle cx="10" cy="10" r="7" />
      <path d="M10 3v14a7 7 0 000-14z" fill="currentColor" />
    </>
  ),
  dark: <path d="M16.500 12.200A7 7 0 017.800 3.500a7 7 0 108.700 8.700z" />,
  light: (
    <>
      <circle cx="10" cy="10" r="3.400" />
      <path d="M10 1.800v2M10 16.200v2M1.800 10h2M16.200 10h2M4.200 4.200l1.400 1.400M14.400 14.400l1.400 1.400M4.200 15.800l1.400-1.400M14.400 5.600l1.400-1.400" />
    </>
  ),
  drop: <path d="M10 2.500v9M6.500 8L10 11.500 13.500 8M3 12.500V17h14v-4.500" />,
  search: (
    <>
      <circle cx="8.5" cy="8.5" r="5.5" />
      <path d="M12.700 12.700L17.500 17.500" />
    </>
  ),
  warning: <path d="M10 3L1.800 17h16.400zM10 8v4.500M10 14.600v.4" />,
} as const

export type IconName = keyof typeof paths

/** Line icons on a 20-unit grid in the colour of the text; decorative, so the control beside them is named. */
export function Icon({
  name,
  size = 19,
  ...rest
}: SVGProps<SVGSVGElement> & { name: IconName; size?: number }) {
  return (
    <svg
      viewBox="0 0 20 20"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      {...rest}
    >
      {paths[name]}
    </svg>
  )
}
