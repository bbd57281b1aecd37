export { StrategiesScreen } from './strategies-screen.tsx'
