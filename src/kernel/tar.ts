/** Writes and reads tar archives (POSIX ustar): the few lines of it that a bundle of plain files needs. */

const BLOCK = 512;

/** The header of a plain file. `path` is ASCII and at most 100 bytes; `at` its time of change. */
export function tarHeader(path: string, bytes: number, at: Date): Buffer {
  if (!/^[\x21-\x7e]{1,100}$/.test(path)) throw new Error(`“${path}” is no name for a file in a bundle`);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, width: number) => value.toString(8).padStart(width - 1, '0');
  header.write(path, 0);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(bytes, 12), 124);
  header.write(octal(Math.floor(at.getTime() / 1000), 12), 136);
  header.write('        0', 148);
  header.write('ustar\u000000', 257);
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${octal(sum, 7)}\u0000 `, 148);
  return header;
}

/** What must follow a file of this size before the next header. */
export const tarPadding = (bytes: number): Buffer => Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK);

/** The end of an archive. */
export const tarEnd = (): Buffer => Buffer.alloc(2 * BLOCK);

/** The plain files of an archive. Throws when it is none, or was cut. */
export function readTar(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  let at = 0;
  for (;;) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.length < BLOCK) throw new Error('the archive ends too early');
    if (header.every((byte) => byte === 0)) return files;
    const text = (from: number, to: number) => header.toString('latin1', from, to).replace(/\0.*$/s, '').trim();
    const path = text(0, 100);
    const bytes = Number.parseInt(text(124, 136), 8);
    if (text(257, 262) !== 'ustar' || !Number.isInteger(bytes) || bytes < 0) throw new Error('this is no tar archive');
    const body = archive.subarray(at + BLOCK, at + BLOCK + bytes);
    if (body.length < bytes) throw new Error('the archive ends too early');
    if (text(156, 157) === '0') {
      if (files.has(path)) throw new Error(`${path} is in the archive twice`);
      files.set(path, body);
    }
    at += BLOCK + bytes + ((BLOCK - (bytes % BLOCK)) % BLOCK);
  }
}
