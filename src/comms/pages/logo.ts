/** A logo: a small PNG, taken apart and put together again from its picture alone. Pure. */
import { crc32 } from 'node:zlib';
import { invalid } from '#kernel';

const MOST_BYTES = 15_000;
const MOST_PIXELS = 1000;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** What a picture needs. Texts, times, places, profiles, animations and whatever follows the end are left out. */
const KEPT = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);

const bad = (message: string) =>
  invalid(`This logo is not taken: ${message}`, 'comms.logo', [{ path: 'logo', message }]);

/** The cleaned picture in base64. Throws 422 for anything that is not a small, sound PNG (bad-input row 105). */
export function cleanLogo(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0) throw bad('it is empty');
  if (bytes.length > MOST_BYTES) throw bad(`it has more than ${MOST_BYTES / 1000} kB`);
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw bad('it is not a PNG');
  const parts: Buffer[] = [SIGNATURE];
  for (let at = 8, first = true; ; first = false) {
    if (at + 12 > bytes.length) throw bad('it ends too early');
    const length = bytes.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > bytes.length) throw bad('it ends too early');
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) throw bad('a part of it is damaged');
    if (first && type !== 'IHDR') throw bad('it has no header');
    if (type === 'IHDR') {
      const [width, height] = [bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12)];
      if (width === 0 || height === 0 || width > MOST_PIXELS || height > MOST_PIXELS)
        throw bad(`it measures ${width} × ${height}; at most ${MOST_PIXELS} a side`);
    }
    if (KEPT.has(type)) parts.push(bytes.subarray(at, end));
    if (type === 'IEND') return Buffer.concat(parts).toString('base64');
    at = end;
  }
}
