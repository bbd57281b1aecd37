import { expect, test } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { memoryStore } from '../lib/key-value-store.ts'
import { remember } from './remember.ts'

const visit = (storage = memoryStore(), accept = () => true) => {
  const store = createStore(() => ({ smoothing: 0.9, logLoss: false, screen: 'train' }))
  remember(storage, 'view', store, ['smoothing', 'logLoss'], accept)
  return { store, storage }
}

test('the next visit finds the fields that are kept, and only those', () => {
  const { store, storage } = visit()
  store.setState({ smoothing: 0.5, logLoss: true, screen: 'wallet' })
  expect(visit(storage).store.getState()).toEqual({ smoothing: 0.5, logLoss: true, screen: 'train' })
})

test('what is not accepted, or lacks a field, is left alone', () => {
  const { store, storage } = visit()
  store.setState({ smoothing: 0.5 })
  expect(visit(storage, () => false).store.getState().smoothing).toBe(0.9)
  storage.set('view', { smoothing: 0.1 })
  expect(visit(storage).store.getState().smoothing).toBe(0.9)
})

test('a storage that is full loses the setting, not the page', () => {
  const storage = {
    ...memoryStore(),
    set: () => {
      throw new Error('full')
    },
  }
  const { store } = visit(storage)
  store.setState({ smoothing: 0.1 })
  expect(store.getState().smoothing).toBe(0.1)
})
