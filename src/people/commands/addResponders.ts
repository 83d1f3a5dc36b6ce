/** Asks further people for help with what a page is about: each is called by a page of their own on the same subject. */
import { type Ctx, type FieldError, invalid } from '#kernel';
import { command, type Person } from '#security';
import { note } from '../calling.ts';
import type { PageRow } from '../store.ts';
import { openToAct } from '../waking.ts';
import { startPage } from './startPage.ts';

export interface AddResponders {
  pageId: string;
  userIds?: string[] | undefined;
  teamIds?: string[] | undefined;
  policyIds?: string[] | undefined;
  /** What help is wanted; stands in their message. */
  note?: string | undefined;
}
interface Wanted {
  field: 'userId' | 'teamId' | 'policyId';
  id: string;
  name: string;
}
export interface Added {
  pageId: string;
  name: string;
  /** False: they are called already, or have it. */
  isNew: boolean;
}

/** Taking one of these pages stops that one only. Throws 404, 403, 409 when the page has ended, 422 for what does not exist. */
export const addResponders = command(
  'people.addResponders',
  { allow: 'responder', subject: (input: AddResponders) => input.pageId },
  async (ctx, input): Promise<{ added: Added[] }> => {
    const { page, person } = await openToAct(ctx, input.pageId);
    const wanted = await wantedOf(ctx, input);
    const before = new Set(await pagesOf(ctx, page));
    const added: Added[] = [];
    for (const { field, id, name } of wanted) {
      const { pageId } = await startPage(ctx, { ...askFor(page, person, input.note), [field]: id });
      added.push({ pageId, name, isNew: !before.has(pageId) });
    }
    const names = added.map(({ name, isNew }) => (isNew ? name : `${name} (called already)`)).join(', ');
    const why = input.note ? `: ${input.note}` : '';
    await note(ctx, page, {
      reason: 'responders_added',
      userId: person.id,
      text: `${person.name} has asked for ${names}${why}`,
    });
    ctx.audit.after = { added: names };
    return { added };
  },
);

const askFor = (page: PageRow, person: Person, words: string | undefined) => ({
  subject: { kind: page.subjectKind, id: page.subjectId },
  title: page.title,
  body: [`${person.name} asks for your help${words ? `: ${words}` : ''}`, page.body].filter(Boolean).join('\n\n'),
  urgency: page.urgency,
  priority: page.priority,
  serviceName: page.serviceName,
  incidentId: page.incidentId,
  link: page.link,
});

const pagesOf = async (ctx: Ctx, page: PageRow): Promise<string[]> =>
  (
    await ctx.db
      .selectFrom('people.pages')
      .select('id')
      .where('subjectKind', '=', page.subjectKind)
      .where('subjectId', '=', page.subjectId)
      .where('state', '<>', 'stopped')
      .execute()
  ).map(({ id }) => id);

async function wantedOf(ctx: Ctx, { userIds = [], teamIds = [], policyIds = [] }: AddResponders): Promise<Wanted[]> {
  const sources = [
    { field: 'userId', path: 'userIds', table: 'security.users', ids: userIds, what: 'active person' },
    { field: 'teamId', path: 'teamIds', table: 'people.teams', ids: teamIds, what: 'team' },
    { field: 'policyId', path: 'policyIds', table: 'people.policies', ids: policyIds, what: 'policy' },
  ] as const;
  const wanted: Wanted[] = [];
  const errors: FieldError[] = [];
  for (const { field, path, table, ids, what } of sources) {
    if (ids.length === 0) continue;
    let query = ctx.db
      .selectFrom(table)
      .select(['id', 'name'])
      .where('id', 'in', [...ids]);
    if (table === 'security.users') query = query.where('active', '=', true);
    const names = new Map((await query.execute()).map((row) => [row.id, row.name]));
    [...new Set(ids)].forEach((id, i) => {
      const name = names.get(id);
      if (name === undefined) errors.push({ path: `${path}.${i}`, message: `there is no such ${what}` });
      else wanted.push({ field, id, name });
    });
  }
  if (wanted.length + errors.length === 0)
    errors.push({ path: 'userIds', message: 'name somebody, a team or a policy' });
  if (errors.length > 0) throw invalid('These cannot be asked', 'people.addResponders', errors);
  return wanted;
}
