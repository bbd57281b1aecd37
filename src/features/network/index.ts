export { filledTargets, countWins, formatBasisPoints, whyNotDownloadable } from './model-facts.ts'
export { NetworkScreen } from './network-screen.tsx'
