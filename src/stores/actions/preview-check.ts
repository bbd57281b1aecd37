import type { PreviewCheck } from '../signing-store.ts'

/** A value of the bytes to be signed; it matches where all conditions hold. */
export function previewCheck(
  label: string,
  value: string,
  detail: string,
  conditions: readonly boolean[],
): PreviewCheck {
  return { label, value, detail, matches: conditions.every(Boolean) }
}
