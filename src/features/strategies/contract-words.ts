/** What a contract loss is, and what it was measured on. `on`: "2 kB of your data". */
export function contractWords(on: string): string {
  return `Contract losses are what the network scores by: windows of 1,024 bytes, here ${on}. Lower is better.`
}
