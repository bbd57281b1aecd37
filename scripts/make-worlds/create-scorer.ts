export { createScorer } from '../../src/worker/practice-scorer.ts'
