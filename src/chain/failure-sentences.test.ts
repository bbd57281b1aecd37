import { expect, it } from 'vitest'
import { ExecutionFailureStatus } from './bcs/failure-status.ts'
import { failureKind, failureSentence } from './failure-sentences.ts'

/** Names in the order of their BCS index: a variant is read from its index alone where it has no payload. */
const kinds = Array.from({ length: 52 }, (_, index) => {
  try {
    // Zeros are a sound payload of every variant but the tensors and the opaque last one.
    return ExecutionFailureStatus.parse(Uint8Array.of(index, ...new Uint8Array(200))).$kind
  } catch {
    return index === 36 ? 'DistanceExceedsThreshold' : 'SomaError'
  }
})

it('each of the 52 failures has its own sentence and says what to do', () => {
  expect(new Set(kinds).size).toBe(52)
  const sentences = kinds.map((kind) => failureSentence(kind))
  expect(new Set(sentences.map(({ message }) => message)).size).toBe(52)
  for (const { message, hint } of sentences) {
    expect(message).toMatch(/^[A-Z].{10,}\.$/)
    expect(hint).toMatch(/^[A-Z].{5,}\.$/)
  }
})

it('is found in what a node writes, with or without details', () => {
  for (const kind of kinds) {
    expect(failureKind(kind)).toBe(kind)
    expect(failureKind(`${kind} { expected: 1 }`)).toBe(kind)
  }
  expect(failureKind('OtherError("Model in invalid state for this operation")')).toBe('ModelInvalidState')
  expect(failureKind('SomethingNew')).toBe('Unknown')
  expect(failureSentence('Unknown', 'SomethingNew').message).toContain('SomethingNew')
})
