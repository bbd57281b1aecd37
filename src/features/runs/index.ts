export { optimizerWords } from '../describe-run.ts'
export { RunsScreen } from './runs-screen.tsx'
