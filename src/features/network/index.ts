export { AdvanceEpochButton } from './advance-epoch-button.tsx'
export { countWins, filledTargets, formatBasisPoints, whyNotDownloadable } from './model-facts.ts'
export { NetworkScreen } from './network-screen.tsx'
