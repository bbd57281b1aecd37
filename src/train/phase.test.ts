import { expect, test } from 'vitest'
import { canMove, isBusy, type Phase } from './phase.ts'

const phases: Phase[] = ['idle', 'preparing', 'running', 'paused', 'stopping', 'finished', 'failed']

test('a run is prepared before it runs and stops before it has finished on request', () => {
  expect(canMove('idle', 'running')).toBe(false)
  expect(canMove('idle', 'preparing')).toBe(true)
  expect(canMove('running', 'stopping')).toBe(true)
  expect(canMove('stopping', 'running')).toBe(false)
  expect(canMove('paused', 'running')).toBe(true)
})

test('every busy phase can fail, and nothing moves to itself', () => {
  for (const phase of phases) {
    if (isBusy(phase)) expect(canMove(phase, 'failed')).toBe(true)
    expect(canMove(phase, phase)).toBe(false)
  }
})

test('a run that ended lets the next one start', () => {
  for (const phase of phases.filter((phase) => !isBusy(phase))) {
    expect(canMove(phase, 'preparing')).toBe(true)
  }
})
