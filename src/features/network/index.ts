export { AdvanceEpochButton } from './advance-epoch-button.tsx'
export { NetworkScreen } from './network-screen.tsx'
