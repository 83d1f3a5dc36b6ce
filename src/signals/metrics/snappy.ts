/**
 * Undoes Snappy's block format under a limit. Our own forty lines, because the bytes come from outside: a length that is a
 * lie, or that jumps back, must end in a refusal and never in a loop or in gigabytes.
 * Format: github.com/google/snappy/blob/main/format_description.txt
 */

/** What is wrong with a body of samples, in words for its sender. */
export class SamplesError extends Error {
  readonly status: 400 | 413;
  constructor(message: string, status: 400 | 413 = 400) {
    super(message);
    this.status = status;
  }
}

const broken = () => new SamplesError('the body is not Snappy in block format');

/** The decompressed length that stands at the beginning, and where the data begins. */
function preamble(bytes: Uint8Array): { length: number; at: number } {
  let length = 0;
  for (let at = 0; at < 5; at++) {
    const byte = bytes[at];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { length, at: at + 1 };
  }
  throw broken();
}

/** @throws SamplesError 413 when more than `limit` bytes would come out, 400 when it is no Snappy */
export function unsnappy(bytes: Uint8Array, limit: number): Uint8Array {
  const { length, at: start } = preamble(bytes);
  if (length > limit) throw new SamplesError(`the body holds ${length} bytes when decompressed; at most ${limit}`, 413);
  const out = new Uint8Array(length);
  let [at, to] = [start, 0];
  const little = (size: number): number => {
    if (at + size > bytes.length) throw broken();
    let value = 0;
    for (let i = 0; i < size; i++) value += bytes[at + i]! * 2 ** (8 * i);
    at += size;
    return value;
  };
  while (at < bytes.length) {
    const tag = bytes[at++]!;
    if ((tag & 3) === 0) {
      const code = tag >> 2;
      const size = (code < 60 ? code : little(code - 59)) + 1;
      if (size > bytes.length - at || size > length - to) throw broken();
      out.set(bytes.subarray(at, at + size), to);
      at += size;
      to += size;
      continue;
    }
    const size = (tag & 3) === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const back = (tag & 3) === 1 ? ((tag >> 5) << 8) + little(1) : little((tag & 3) === 2 ? 2 : 4);
    if (back === 0 || back > to || size > length - to) throw broken();
    // Byte by byte: a copy may reach into what it has just written.
    for (let end = to + size; to < end; to++) out[to] = out[to - back]!;
  }
  if (to !== length) throw broken();
  return out;
}
