/** What is known about the ways to reach people: their methods, the last test of each, the last real page by each. Reads only. */
import { channelStates } from '#channels';
import { type Ctx, type Db, readSetting, sql } from '#kernel';
import type { Person } from '#security';
import type { ContactMethodRow } from '../contact-store.ts';
import { inLog, isAccount, methodsOf } from '../contact.ts';
import { judgeMethod, judgePerson, type MethodFacts, type MethodState, type PersonState } from './model.ts';
import { testPages } from './settings.ts';

export interface JudgedMethod {
  id: string;
  channel: string;
  /** The address as others may see it: of a number only the end. */
  shown: string;
  state: MethodState;
  reason: string;
  /** Confirmed, and without an answered test for too long. */
  overdue: boolean;
  lastTest: MethodFacts['test'];
  lastReal: MethodFacts['real'];
  /** A test under way that wants an answer until then. */
  testUntil: Date | null;
}
export interface JudgedPerson {
  person: Person;
  state: PersonState;
  methods: JudgedMethod[];
}

interface LastTest {
  userId: string;
  methodId: string;
  state: 'confirmed' | 'missed' | 'failed';
  at: Date;
  error: string | null;
}
interface LastReal {
  userId: string;
  channel: string;
  recipient: string;
  arrived: boolean;
  at: Date;
  error: string | null;
}

/** The latest test of each method that has ended. */
async function lastTests(db: Db, userIds: string[]): Promise<LastTest[]> {
  const { rows } = await sql<LastTest>`
    select distinct on (user_id, method_id) user_id as "userId", method_id as "methodId", state, settled_at as at, error
    from people.proofs where user_id = any(${userIds}::text[]) and state <> 'waiting'
    order by user_id, method_id, created_at desc`.execute(db);
  return rows;
}

/** The latest real page by each address whose fate is known. Drills and test pages are none. Per person the newest pages only. */
async function lastReal(db: Db, userIds: string[]): Promise<LastReal[]> {
  const { rows } = await sql<LastReal>`
    select distinct on (t.user_id, d.channel, d.recipient) t.user_id as "userId", d.channel, d.recipient,
      d.state = 'delivered' as arrived, d.settled_at as at, d.last_error as error
    from unnest(${userIds}::text[]) as t (user_id)
    cross join lateral (
      select pt.page_id from people.page_targets pt join people.pages p on p.id = pt.page_id
      where pt.user_id = t.user_id and not p.exercise order by pt.last_paged_at desc limit 20) pages
    join people.page_events e on e.page_id = pages.page_id and e.user_id = t.user_id and e.reason = 'sent'
    join channels.deliveries d on d.id = e.delivery_id
    where d.state in ('delivered', 'failed', 'undeliverable') and d.settled_at is not null
    order by t.user_id, d.channel, d.recipient, d.settled_at desc`.execute(db);
  return rows;
}

/** These people with everything that is known about reaching them. Five queries, however many people. */
export async function judgePeople(ctx: Ctx, people: Person[]): Promise<Map<string, JudgedPerson>> {
  const ids = people.map(({ id }) => id);
  const { overdueAfterDays } = await readSetting(ctx, testPages);
  const channels = new Map((await channelStates(ctx)).map(({ name, reason }) => [name, reason]));
  const methods = await methodsOf(ctx.db, ids);
  const tests = Map.groupBy(await lastTests(ctx.db, ids), (row) => `${row.userId} ${row.methodId}`);
  const real = Map.groupBy(await lastReal(ctx.db, ids), (row) => `${row.userId} ${row.channel} ${row.recipient}`);
  const waiting = await ctx.db
    .selectFrom('people.proofs')
    .select(['userId', 'methodId', 'answerBy'])
    .where('state', '=', 'waiting')
    .where('userId', 'in', ['', ...ids])
    .execute();
  const judge = (person: Person, row: Row): JudgedMethod => {
    const [test] = tests.get(`${person.id} ${row.id}`) ?? [];
    const [page] = real.get(`${person.id} ${row.kind} ${row.endpointId ?? row.value}`) ?? [];
    const off = row.disabledAt
      ? `switched off: ${row.disabledReason ?? 'no reason'}`
      : (channels.get(row.kind) ?? null);
    const facts: MethodFacts = { verified: row.verifiedAt !== null, off, test: test ?? null, real: page ?? null };
    return {
      id: row.id,
      channel: row.kind,
      shown: inLog({ channel: row.kind, shown: row.value }),
      ...judgeMethod(facts, ctx.now, overdueAfterDays),
      lastTest: facts.test,
      lastReal: facts.real,
      testUntil: waiting.find((other) => other.userId === person.id && other.methodId === row.id)?.answerBy ?? null,
    };
  };
  return new Map(
    people.map((person) => {
      const judged = rowsOf(person, methods.get(person.id) ?? []).map((row) => judge(person, row));
      return [person.id, { person, methods: judged, state: person.active ? judgePerson(judged) : 'unreachable' }];
    }),
  );
}

type Row = Pick<
  ContactMethodRow,
  'id' | 'kind' | 'value' | 'endpointId' | 'verifiedAt' | 'disabledAt' | 'disabledReason'
>;

/** The sign-in address is there even when nobody added it: pages go to it when nothing is confirmed. */
function rowsOf(person: Person, methods: ContactMethodRow[]): Row[] {
  if (methods.some((method) => isAccount(person, method))) return methods;
  const account = { verifiedAt: null, disabledAt: null, disabledReason: null, endpointId: null };
  return [{ id: 'account', kind: 'email', value: person.email, ...account }, ...methods];
}
