import { it } from 'vitest'
import { gemmTable } from './gemm-table.ts'

it('measures matrix products', () => gemmTable((line) => console.log(line)))
