export { DeviceScreen } from './device-screen.tsx'
