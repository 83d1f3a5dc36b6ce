/** Reads Opsgenie by its REST API: pages by `paging.next`, some lists whole. The successor in Jira keeps most of the shapes. */
import { type Json, listOf } from '../../model.ts';
import { mayNotRead, type Reader } from '../../reader.ts';
import type { Read } from '../vendor.ts';

const DAY = 86_400_000;
export const CHECK_WEEKS = 8;

/** Every record under `data`, however many pages. */
async function all(reader: Reader, path: string, stage: string): Promise<Json[]> {
  const found: Json[] = [];
  for (let next: string | undefined = path; next;) {
    const page: Json = await reader.get(next);
    found.push(...listOf(page.data));
    if (stage) reader.tell(stage, found.length, typeof page.totalCount === 'number' ? page.totalCount : null);
    const following: unknown = page.paging?.next;
    // A last page that points to itself would never end.
    next = typeof following === 'string' && following !== next && listOf(page.data).length > 0 ? following : undefined;
  }
  return found;
}

export async function readOpsgenie(reader: Reader): Promise<Read> {
  const unread: Read['unread'] = [];
  const perhaps = async (what: string, read: () => Promise<Json[]>): Promise<Json[]> => {
    try {
      return await read();
    } catch (error) {
      if (!mayNotRead(error)) throw error;
      unread.push({ what, why: error.message });
      return [];
    }
  };
  const users = await all(reader, 'v2/users?limit=100', 'People');
  for (const [i, user] of users.entries()) {
    reader.tell('How people are reached', i, users.length);
    const contacts = await perhaps('contact methods', () => all(reader, `v2/users/${user.id}/contacts`, ''));
    if (unread.some(({ what }) => what === 'contact methods')) break;
    user.contacts = contacts;
  }
  const teams: Json[] = [];
  const routing: Json[] = [];
  const listed = await all(reader, 'v2/teams', 'Teams');
  for (const [i, { id, name }] of listed.entries()) {
    reader.tell('Teams, one by one', i, listed.length);
    const team = await perhaps(`team ${name}`, async () => [
      (await reader.get(`v2/teams/${id}?identifierType=id`)).data,
    ]);
    teams.push(...team);
    const rules = await perhaps(`routing rules of ${name}`, () =>
      all(reader, `v2/teams/${id}/routing-rules?teamIdentifierType=id`, ''),
    );
    routing.push(...rules.map((rule) => ({ ...rule, team: id })));
  }
  const schedules = await all(reader, 'v2/schedules?expand=rotation', 'Schedules');
  const overrides: Json[] = [];
  const timelines: Json[] = [];
  for (const [i, { id, name }] of schedules.entries()) {
    reader.tell('Schedules, one by one', i, schedules.length);
    const own = await perhaps(`overrides of ${name}`, () =>
      all(reader, `v2/schedules/${id}/overrides?scheduleIdentifierType=id`, ''),
    );
    overrides.push(...own.map((one) => ({ ...one, schedule: id })));
    const date = encodeURIComponent(reader.now.toISOString());
    const timeline = await perhaps(`timeline of ${name}`, async () => [
      (
        await reader.get(
          `v2/schedules/${id}/timeline?identifierType=id&interval=${CHECK_WEEKS}&intervalUnit=weeks&date=${date}`,
        )
      ).data,
    ]);
    timelines.push(
      ...timeline.map((one) => ({
        ...one,
        schedule: id,
        checkedFrom: reader.now.toISOString(),
        checkedTo: new Date(reader.now.getTime() + CHECK_WEEKS * 7 * DAY).toISOString(),
      })),
    );
  }
  const escalations = await all(reader, 'v2/escalations', 'Escalations');
  const services = await perhaps('services', () => all(reader, 'v1/services?limit=100', 'Services'));
  const integrations = await perhaps('integrations', () => all(reader, 'v2/integrations', 'Integrations'));
  const heartbeats = await perhaps('heartbeats', async () =>
    listOf((await reader.get('v2/heartbeats')).data?.heartbeats),
  );
  const forwarding = await perhaps('forwarding rules', () => all(reader, 'v2/forwarding-rules', ''));
  return {
    parts: {
      users,
      teams,
      routing,
      schedules,
      overrides,
      timelines,
      escalations,
      services,
      integrations,
      heartbeats,
      forwarding,
    },
    unread,
  };
}
