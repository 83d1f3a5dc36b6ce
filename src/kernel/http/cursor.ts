/** Cursors of lists: opaque, signed, and bound to the list they came from. */
import { derivedKey, hmacSha256, sameText } from '../crypto.ts';
import { Problem } from '../errors.ts';

const sign = (text: string) => hmacSha256(derivedKey('cursor'), text).toString('base64url').slice(0, 16);

/** Packs the place of the last row of a page. `kind` names the list and its order. */
export function encodeCursor(kind: string, values: unknown[]): string {
  const text = Buffer.from(JSON.stringify([kind, ...values])).toString('base64url');
  return `${text}.${sign(text)}`;
}

/** Unpacks a cursor; 400 when it is forged or belongs to another list. */
export function decodeCursor(kind: string, cursor: string): unknown[] {
  const [text = '', mac = ''] = cursor.split('.');
  if (!sameText(mac, sign(text))) throw foreign();
  const [made, ...values] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[];
  if (made !== kind) throw foreign();
  return values;
}

const foreign = () =>
  new Problem(400, 'This cursor does not belong to this list', {
    rule: 'list.cursor',
    detail: 'Start again without a cursor.',
  });
