/** Reads PagerDuty by its REST API v2: pages by offset and `more`. */
import type { Json } from '../../model.ts';
import { listOf } from '../../model.ts';
import { mayNotRead, type Reader } from '../../reader.ts';
import type { Read } from '../vendor.ts';

const DAY = 86_400_000;
/** For so long PagerDuty's own final schedule is asked for, to compare with. */
export const CHECK_DAYS = 56;
/** Overrides are asked for in windows: PagerDuty answers at most three months at once. */
const OVERRIDE_WINDOWS = 4;
const OVERRIDE_DAYS = 84;

/** Every record of a list. */
async function all(reader: Reader, path: string, key: string, stage: string): Promise<Json[]> {
  const found: Json[] = [];
  for (let offset = 0; ;) {
    const page = await reader.get(`${path}${path.includes('?') ? '&' : '?'}limit=100&offset=${offset}`);
    const records = listOf(page[key]);
    found.push(...records);
    if (stage) reader.tell(stage, found.length);
    if (page.more !== true || records.length === 0) return found;
    offset += records.length;
  }
}

export async function readPagerDuty(reader: Reader): Promise<Read> {
  const unread: Read['unread'] = [];
  /** What the account's plan or the key's rights may lack is named, and the rest goes on. */
  const perhaps = async (what: string, read: () => Promise<Json[]>): Promise<Json[]> => {
    try {
      return await read();
    } catch (error) {
      if (!mayNotRead(error)) throw error;
      unread.push({ what, why: error.message });
      return [];
    }
  };
  const users = await all(reader, '/users?include[]=contact_methods', 'users', 'People');
  const teams = await perhaps('teams', () => all(reader, '/teams', 'teams', 'Teams'));
  const members: Json[] = [];
  for (const [i, team] of teams.entries()) {
    reader.tell('Members of teams', i, teams.length);
    const list = await perhaps(`members of ${team.name}`, () =>
      all(reader, `/teams/${team.id}/members`, 'members', ''),
    );
    members.push(...list.map((one) => ({ team: team.id, ...one })));
  }
  const listed = await all(reader, '/schedules', 'schedules', 'Schedules');
  const schedules: Json[] = [];
  const overrides: Json[] = [];
  const at = (days: number) => new Date(reader.now.getTime() + days * DAY).toISOString();
  for (const [i, { id }] of listed.entries()) {
    reader.tell('Schedules, one by one', i, listed.length);
    const answer = await reader.get(`/schedules/${id}?since=${at(0)}&until=${at(CHECK_DAYS)}`);
    schedules.push({ ...answer.schedule, checkedFrom: at(0), checkedTo: at(CHECK_DAYS) });
    overrides.push(...(await overridesOf(reader, String(id), at)));
  }
  const escalation_policies = await all(reader, '/escalation_policies', 'escalation_policies', 'Escalation policies');
  const services = await all(reader, '/services?include[]=integrations', 'services', 'Services');
  return { parts: { users, teams, members, schedules, overrides, escalation_policies, services }, unread };
}

async function overridesOf(reader: Reader, schedule: string, at: (days: number) => string): Promise<Json[]> {
  const found = new Map<string, Json>();
  for (let window = 0; window < OVERRIDE_WINDOWS; window++) {
    const [since, until] = [at(window * OVERRIDE_DAYS), at((window + 1) * OVERRIDE_DAYS)];
    const page = await reader.get(`/schedules/${schedule}/overrides?since=${since}&until=${until}`);
    for (const one of listOf(page.overrides)) found.set(String(one.id), { schedule, ...one });
  }
  return [...found.values()];
}
