import { describe, expect, it } from 'vitest';
import { problemOfMail } from './scan.ts';
import { isProven, isWelcome, readAuthentication, whyAutomatic } from './trust.ts';
import { readSubject } from './words.ts';

describe('the subject of an alert mail', () => {
  it.each([
    ['[CRITICAL] Disk full on db-1', 'trigger', 'critical', 'Disk full on db-1'],
    ['RESOLVED: Disk full on db-1', 'resolve', undefined, 'Disk full on db-1'],
    ['Re: [RESOLVED] Disk full on db-1', 'resolve', undefined, 'Disk full on db-1'],
    ['Recovered Disk full on db-1', 'resolve', undefined, 'Disk full on db-1'],
    ['OK: Disk full on db-1', 'resolve', undefined, 'Disk full on db-1'],
    ['OK computer does not start', 'trigger', undefined, 'OK computer does not start'],
    ['[prod] [WARNING] Queue is long', 'trigger', 'warning', '[prod] Queue is long'],
    ['[FIRING:2] Latency (checkout)', 'trigger', undefined, 'Latency (checkout)'],
    ['CRITICAL: Latency', 'trigger', 'critical', 'Latency'],
    ['** PROBLEM Service Alert: db/disk is CRITICAL **', 'trigger', 'critical', 'Service Alert: db/disk'],
    ['** RECOVERY Service Alert: db/disk is OK **', 'resolve', undefined, 'Service Alert: db/disk'],
  ])('%s is %s, %s', (subject, action, severity, title) => {
    expect(readSubject(subject)).toMatchObject({ action, severity, title });
  });

  it('is the same alert whatever it says of the state', () => {
    expect(readSubject('Re: RESOLVED: disk  full').normal).toBe(readSubject('[CRITICAL] Disk full').normal);
  });

  it('of any length and shape is read in no time', () => {
    const started = performance.now();
    for (const hostile of [
      '['.repeat(50_000),
      're:'.repeat(50_000),
      ' '.repeat(50_000),
      `** problem ${'is a '.repeat(20_000)}`,
    ])
      readSubject(hostile);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('from whom a mail is', () => {
  const said = 'mx.example.com (v1); dkim=pass header.d=vendor.com; spf=fail smtp.mailfrom=a@b.c; dmarc=none';
  it('is read from the topmost Authentication-Results and believed only from the named server', () => {
    const authentication = readAuthentication(said);
    expect(authentication).toEqual({
      by: 'mx.example.com',
      dkim: 'pass',
      spf: 'fail',
      dmarc: 'none',
      signer: 'vendor.com',
    });
    expect(isProven({ from: 'alert@vendor.com', authentication }, '')).toBe(false);
    expect(isProven({ from: 'alert@vendor.com', authentication }, 'other.example.com')).toBe(false);
    expect(isProven({ from: 'alert@vendor.com', authentication }, 'mx.example.com')).toBe(true);
    // Signed by somebody, only not by whom it says it is from.
    expect(isProven({ from: 'boss@example.com', authentication }, 'mx.example.com')).toBe(false);
    expect(isProven({ from: 'boss@evilvendor.com', authentication }, 'mx.example.com')).toBe(false);
  });

  it('is checked against addresses and whole domains', () => {
    expect(isWelcome('a@vendor.com', '')).toBe(true);
    expect(isWelcome('a@vendor.com', 'b@vendor.com, @other.com')).toBe(false);
    expect(isWelcome('a@vendor.com', 'b@vendor.com\n@Vendor.com')).toBe(true);
    expect(isWelcome('', '@vendor.com')).toBe(false);
  });

  it('honest reports of cron and monitors are no answers of machines', () => {
    const mail = (headers: Record<string, string>, answers: string[] = [], messageId = '<a@b>') =>
      whyAutomatic({ headers, answers, messageId });
    expect(mail({ 'auto-submitted': 'auto-generated', precedence: 'bulk' })).toBeUndefined();
    expect(mail({ 'auto-submitted': 'no' }, ['x'])).toBeUndefined();
    expect(mail({ 'auto-submitted': 'auto-generated' }, ['x'])).toBeDefined();
    expect(mail({ 'auto-submitted': 'auto-replied' })).toBeDefined();
    expect(mail({ precedence: 'auto_reply' })).toBeDefined();
    expect(mail({}, [], '<dlv_01abcdefghjkmnpqrstvwxyz01@evenkeel.example>')).toBeDefined();
  });
});

/** A mail of nested multiparts. */
const nested = (depth: number): string => {
  let body = 'Content-Type: text/plain\r\n\r\nDeep inside\r\n';
  for (let n = depth; n > 0; n--)
    body = `Content-Type: multipart/mixed; boundary="b${n}"\r\n\r\n--b${n}\r\n${body}\r\n--b${n}--\r\n`;
  return `From: a@vendor.com\r\nSubject: Deep\r\nMIME-Version: 1.0\r\n${body}`;
};

describe('row 27: the shape of a mail', () => {
  it('row 27: parts may be nested 20 deep and not 100', () => {
    expect(problemOfMail(Buffer.from(nested(20)))).toBeUndefined();
    expect(problemOfMail(Buffer.from(nested(100)))).toMatch(/nested deeper/);
    expect(problemOfMail(Buffer.from(`Subject: x\n\n${'Content-Type: message/rfc822\n\n'.repeat(100)}`))).toMatch(
      /mails inside mails/,
    );
  });

  it('row 27: many parts side by side are not deep', () => {
    const parts = '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(100);
    expect(
      problemOfMail(Buffer.from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`)),
    ).toBeUndefined();
  });

  it('row 27: header bombs are refused: too many lines, one line without end, boundaries without end', () => {
    expect(problemOfMail(Buffer.from(`${'X-A: b\r\n'.repeat(2000)}\r\nx`))).toMatch(/header lines/);
    expect(problemOfMail(Buffer.from(`Subject: ${'x'.repeat(100_000)}\r\n\r\nx`))).toMatch(/larger than/);
    const boundaries = Array.from({ length: 500 }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}`).join(
      '\n',
    );
    expect(problemOfMail(Buffer.from(`Subject: x\n\n${boundaries}`))).toMatch(/boundaries/);
    expect(problemOfMail(Buffer.from('no header at all'))).toMatch(/not a mail/);
    expect(problemOfMail(Buffer.alloc(0))).toMatch(/not a mail/);
  });
});
