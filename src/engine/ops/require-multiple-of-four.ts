import { StudioError } from '../../lib/studio-error.ts'

/** The kernels move four columns at a time. Every V1 config has such widths; throws 'unsupported' for others. */
export function requireMultipleOfFour(widths: Readonly<Record<string, number>>): void {
  for (const [name, width] of Object.entries(widths)) {
    if (width % 4 !== 0 || width <= 0) {
      throw new StudioError(
        'unsupported',
        `The GPU kernels need widths that are multiples of 4; ${name} is ${width}.`,
        {
          hint: 'Use a model config whose width, feed-forward width and vocabulary are multiples of 4.',
        },
      )
    }
  }
}
