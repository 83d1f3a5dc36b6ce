/** Reads Grafana OnCall by its public API: pages by `next`. */
import { type Json, listOf } from '../../model.ts';
import { mayNotRead, type Reader } from '../../reader.ts';
import type { Read } from '../vendor.ts';

const DAY = 86_400_000;
const CHECK_DAYS = 56;

async function all(reader: Reader, path: string, stage: string): Promise<Json[]> {
  const found: Json[] = [];
  for (let next: string | null = path; next;) {
    const page: Json = await reader.get(next);
    // Lists of a few things come without pages.
    if (Array.isArray(page)) return listOf(page);
    found.push(...listOf(page.results));
    if (stage) reader.tell(stage, found.length, typeof page.count === 'number' ? page.count : null);
    const following: unknown = page.next;
    next = typeof following === 'string' && following !== next ? following : null;
  }
  return found;
}

export async function readOnCall(reader: Reader): Promise<Read> {
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
  const users = await all(reader, 'api/v1/users/', 'People');
  const teams = await perhaps('teams', () => all(reader, 'api/v1/teams/', 'Teams'));
  const schedules = await all(reader, 'api/v1/schedules/', 'Schedules');
  const on_call_shifts = await all(reader, 'api/v1/on_call_shifts/', 'Shifts');
  const final_shifts: Json[] = [];
  const date = (days: number) => new Date(reader.now.getTime() + days * DAY).toISOString().slice(0, 10);
  for (const [i, { id, name }] of schedules.entries()) {
    reader.tell('Schedules, one by one', i, schedules.length);
    const path = `api/v1/schedules/${id}/final_shifts?start_date=${date(0)}&end_date=${date(CHECK_DAYS)}`;
    const shifts = await perhaps(`final shifts of ${name}`, () => all(reader, path, ''));
    final_shifts.push({
      schedule: id,
      checkedFrom: reader.now.toISOString(),
      checkedTo: new Date(reader.now.getTime() + CHECK_DAYS * DAY).toISOString(),
      shifts,
    });
  }
  const escalation_chains = await all(reader, 'api/v1/escalation_chains/', 'Escalation chains');
  const escalation_policies = await all(reader, 'api/v1/escalation_policies/', 'Steps of escalation chains');
  const integrations = await all(reader, 'api/v1/integrations/', 'Integrations');
  const routes = await perhaps('routes', () => all(reader, 'api/v1/routes/', 'Routes'));
  return {
    parts: {
      users,
      teams,
      schedules,
      on_call_shifts,
      final_shifts: unread.some(({ what }) => what.startsWith('final')) ? [] : final_shifts,
      escalation_chains,
      escalation_policies,
      integrations,
      routes,
    },
    unread,
  };
}
