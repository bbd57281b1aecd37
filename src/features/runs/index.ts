export { optimizerWords } from '../describe-run.ts'
export { RunsScreen } from './runs-screen.tsx'
export { TaughtNote } from './taught-note.tsx'
export { isTaught } from './taught-or-alone.ts'
