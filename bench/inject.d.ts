import 'vitest'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Name of the case to run; empty for none. */
    benchmarkCase: string
  }
}
