import { it } from 'vitest'
import { memoryVault } from './memory-vault.ts'
import { checkVaultBehaviour } from './vault-behaviour.ts'

it('behaves as a vault', () => checkVaultBehaviour(memoryVault()))
