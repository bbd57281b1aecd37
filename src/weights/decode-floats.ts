/** Little-endian floating-point values of the four dtypes that weights come in, as f32. */
export type FloatDtype = 'F32' | 'F16' | 'BF16' | 'F64'

/** F64 and F16 are rounded or widened as IEEE 754 says; an F64 beyond f32 becomes an infinity. */
export function decodeFloats(dtype: FloatDtype, bytes: Uint8Array): Float32Array {
  // A slice may start at any byte of its buffer; typed views must not.
  const { buffer } = bytes.byteOffset % 8 === 0 && bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice()
  const start = buffer === bytes.buffer ? bytes.byteOffset : 0
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer, start, bytes.length / 4)
    case 'F64':
      return Float32Array.from(new Float64Array(buffer, start, bytes.length / 8))
    case 'BF16': {
      const halves = new Uint16Array(buffer, start, bytes.length / 2)
      const words = Uint32Array.from(halves, (half) => half << 16)
      return new Float32Array(words.buffer)
    }
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer, start, bytes.length / 2), decodeHalf)
    default:
      return dtype satisfies never
  }
}

export function isFloatDtype(dtype: string): dtype is FloatDtype {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16' || dtype === 'F64'
}

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function decodeHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}
