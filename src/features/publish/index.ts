export { draftState } from './draft-state.ts'
export { PublishScreen } from './publish-screen.tsx'
