export { createScorer } from '../../src/worker/practice/create-scorer.ts'
