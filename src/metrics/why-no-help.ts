/**
 * What a run that has ended says where its training did not help: mean nats per target of validation before its first
 * step and after its last, on the same windows. Null where it helped, or where one of the two is not known.
 */
export function whyNoHelp(first: number | null | undefined, last: number | null | undefined): string | null {
  if (first == null || last == null || last < first) return null
  const by = last - first
  const end =
    by === 0 ? 'where it began' : `${by < 0.0001 ? 'less than 0.0001' : by.toFixed(4)} above where it began`
  return `This training did not help on this data: validation ended ${end}. What it started from is at least as good here.`
}
