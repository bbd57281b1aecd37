/** Response headers of the studio's static files. */
import { extname } from 'node:path'

/**
 * Only our own scripts and workers run; WebAssembly for BLAKE2b; networks are reached over https, on this
 * machine, or at hosts that the user named at start. Mantine and recharts set inline styles.
 */
export function contentSecurityPolicy(extraHosts: readonly string[]): string {
  const connect = ["'self'", 'https:', 'http://localhost:*', 'http://127.0.0.1:*', ...extraHosts]
  return [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    `connect-src ${connect.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const yearInSeconds = 31_536_000

/**
 * Headers for one file; `path` is the URL path. Hashed assets are immutable, everything else is revalidated; so are
 * workers, whose policy may be another one at the server's next start.
 */
export function fileHeaders(path: string, extraHosts: readonly string[]): Record<string, string> {
  const hashed = path.startsWith('/assets/') && !/\.worker-[^/]*$/.test(path)
  return {
    'Content-Security-Policy': contentSecurityPolicy(extraHosts),
    // Cross-origin isolation without breaking wallets' windows; a bonus, never required.
    'Document-Isolation-Policy': 'isolate-and-credentialless',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': hashed ? `public, max-age=${yearInSeconds}, immutable` : 'no-cache',
    ...(extname(path) === '.enc' ? { 'Content-Type': 'application/octet-stream' } : {}),
  }
}
