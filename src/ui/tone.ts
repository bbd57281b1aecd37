/** How a state reads: fine, needs a look, wrong, or none of these. */
export type Tone = 'ok' | 'warn' | 'bad' | 'quiet'
