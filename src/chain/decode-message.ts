import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf'
import { StudioError } from '../lib/studio-error.ts'

/** A protobuf message out of its bytes; throws 'corrupt' with `label` in the message. */
export function decodeMessage<Desc extends DescMessage>(
  schema: Desc,
  bytes: Uint8Array,
  label: string,
): MessageShape<Desc> {
  try {
    return fromBinary(schema, bytes)
  } catch (cause) {
    throw new StudioError('corrupt', `The ${label} could not be decoded.`, { cause })
  }
}
