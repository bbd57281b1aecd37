import { it } from 'vitest'
import { expectOneLossCurve } from './long-parity.fixture.ts'

it('50 steps of the fused engine follow the reference, 10 of them the oracle', () => expectOneLossCurve(50))
