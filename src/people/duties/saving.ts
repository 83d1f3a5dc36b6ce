/** What saving a role has in common: its fields must make sense before they bind anybody. */
import { type Ctx, conflict, type FieldError, invalid, sql } from '#kernel';
import { type AuthorityToken, isAuthority, NEVER_STANDING } from './authority.ts';
import { COMMANDER } from './model.ts';
import type { RoleRow } from './store.ts';

export interface RoleFields {
  title: string;
  purpose: string;
  firstSteps: string;
  duties: string;
  handover: string;
  authority: string[];
  handsOn: boolean;
  shared: boolean;
  requiredFor: number[];
  scheduleId: string | null;
  certification: RoleRow['certification'];
}

/** Throws 422 with every field that is wrong, 409 for a title that is taken. Returns what to store. */
export async function checkRole(ctx: Ctx, input: RoleFields, own?: RoleRow) {
  const errors: FieldError[] = input.authority.flatMap((token, i) => {
    if (!isAuthority(token)) return [{ path: `authority.${i}`, message: 'there is no such authority' }];
    return token === NEVER_STANDING
      ? [{ path: `authority.${i}`, message: 'what cannot be undone is decided by a manager, or by two people' }]
      : [];
  });
  if (own?.key === COMMANDER) {
    if (input.shared) errors.push({ path: 'shared', message: 'one person commands' });
    if (input.handsOn) errors.push({ path: 'handsOn', message: 'whoever commands does not work hands-on' });
    const lost = own.authority.filter((token) => !input.authority.includes(token));
    if (lost.length > 0) errors.push({ path: 'authority', message: `the commander keeps ${lost.join(', ')}` });
  }
  if (input.scheduleId) {
    const found = await ctx.db
      .selectFrom('people.schedules')
      .select('id')
      .where('id', '=', input.scheduleId)
      .executeTakeFirst();
    if (!found) errors.push({ path: 'scheduleId', message: 'there is no such schedule' });
  }
  if (errors.length > 0) throw invalid('This role cannot be saved', 'people.role', errors);
  const taken = await ctx.db
    .selectFrom('people.roles')
    .select('key')
    .where(sql<string>`lower(title)`, '=', input.title.toLowerCase())
    .where('retiredAt', 'is', null)
    .executeTakeFirst();
  if (taken && taken.key !== own?.key)
    throw conflict(`There is already a role called ${input.title}`, 'people.name', 'Choose another title.');
  const requiredFor = [...new Set(input.requiredFor)].toSorted((a, b) => a - b);
  const authority = [...new Set(input.authority)] as AuthorityToken[];
  return { ...input, requiredFor, authority };
}

/** `Customer liaison` → `customer_liaison`; the key stays whatever the title becomes. */
export const keyFor = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 40)
    .replace(/_+$/, '');
