/** What bytes are, what a name may be, and what is worth telling to who comes back. */
import { describe, expect, it } from 'vitest';
import { fileName, HIGHLIGHTS, highlightsOf, sniff } from './model.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('what a file is', () => {
  it.each([
    [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1), 'image/png'],
    [Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), 'image/jpeg'],
    [bytes('GIF89a…'), 'image/gif'],
    [bytes('RIFF1234WEBPVP8 '), 'image/webp'],
    [bytes('RIFF1234WAVEfmt '), 'text/plain'],
    [bytes('%PDF-1.7'), 'application/pdf'],
    [bytes('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'text/plain'],
    [bytes('<!doctype html><script>alert(1)</script>'), 'text/plain'],
    [bytes('{"a":1}'), 'text/plain'],
    [Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1), 'application/octet-stream'],
    [Uint8Array.of(0xc3), 'application/octet-stream'],
  ])('%# is by its bytes', (content, type) => expect(sniff(content)).toBe(type));
});

describe('a file name', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\a\\graph.png', 'graph.png'],
    ['.htaccess', 'htaccess'],
    ['a\u202egnp.exe', 'agnp.exe'],
    ['x"\r\nset-cookie: a=1', 'xset-cookie: a=1'],
    ['', 'file'],
    ['..', 'file'],
  ])('%j is only a name: %s', (claimed, name) => expect(fileName(claimed)).toBe(name));
});

describe('what changed', () => {
  it('phases and severity come before talk, in the order they happened, and never as a wall', () => {
    const entries = [
      { seq: 1, kind: 'note', text: 'hm' },
      { seq: 2, kind: 'severity', text: 'SEV3 → SEV1' },
      ...Array.from({ length: 20 }, (_, i) => ({ seq: 3 + i, kind: 'hypothesis', text: `h${i}` })),
      { seq: 30, kind: 'phase', text: 'Contained' },
    ];
    const told = highlightsOf(entries);
    expect(told).toHaveLength(HIGHLIGHTS);
    expect(told.map(({ seq }) => seq)).toEqual([2, 19, 20, 21, 22, 30]);
  });
});
