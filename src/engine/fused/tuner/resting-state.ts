export { restingState } from '../step-state.ts'
