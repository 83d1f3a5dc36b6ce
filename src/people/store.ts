/** The rows of people (schedules have their own store), and the SQL that writes them. */
import {
  type Db,
  type Generated,
  type Instant,
  type Json,
  json,
  later,
  type Selectable,
  sql,
  type StampedAt,
} from '#kernel';
import type { AuthorityToken } from './duties/authority.ts';
import type { Cursor, Plan, Stage, Step } from './escalation.ts';

export interface TeamsTable {
  id: string;
  name: string;
  description: string;
  /** A response team: functions, alternates, and authority in writing. */
  response: Generated<boolean>;
  authority: Generated<AuthorityToken[]>;
  authorityScope: Generated<'own_services' | 'everywhere'>;
  version: Generated<number>;
  createdAt: StampedAt;
}
export interface TeamMembersTable {
  teamId: string;
  userId: string;
  role: 'lead' | 'member' | 'alternate';
  functions: Generated<string[]>;
}
export interface PoliciesTable {
  id: string;
  name: string;
  teamId: string | null;
  steps: Json<Step[]>;
  repeatCount: number;
  /** Minutes after which a taken page asks again; null: never. */
  ackTimeoutMinutes: Generated<number | null>;
  version: Generated<number>;
  createdAt: StampedAt;
}
export type PageState = 'paging' | 'acknowledged' | 'unanswered' | 'stopped';
export type WakeReason = 'ack_timeout' | 'snooze';
export interface PagesTable {
  id: string;
  subjectKind: string;
  subjectId: string;
  targetKey: string;
  incidentId: string | null;
  /** The incident its subject became part of later: whose roles a step means. */
  roleIncidentId: Generated<string | null>;
  title: string;
  body: string;
  urgency: 'high' | 'low';
  /** 1 highest … 4; null: not known. */
  priority: Generated<number | null>;
  serviceName: string | null;
  link: string;
  policyId: string | null;
  plan: Json<Plan>;
  state: Generated<PageState>;
  stage: Generated<Stage>;
  step: Generated<number>;
  round: Generated<number>;
  turn: Generated<number>;
  nextTurnAt: Date | null;
  firstSentAt: Date | null;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  acknowledgedVia: string | null;
  /** The first answer of a person, whatever came after. */
  firstAcknowledgedAt: Generated<Date | null>;
  /** Whose it is; stays while others are called. */
  assigneeId: Generated<string | null>;
  ackTimeoutMinutes: Generated<number | null>;
  /** When a taken page asks again, and why. */
  wakeAt: Generated<Date | null>;
  wakeReason: Generated<WakeReason | null>;
  endedAt: Date | null;
  endReason: string | null;
  exercise: boolean;
  createdAt: StampedAt;
}
export interface PageTargetsTable {
  pageId: string;
  userId: string;
  firstPagedAt: Instant;
  lastPagedAt: Instant;
  times: Generated<number>;
}
export interface PageEventsTable {
  seq: Generated<number>;
  pageId: string;
  at: StampedAt;
  reason: string;
  step: number | null;
  round: number | null;
  userId: string | null;
  channel: string | null;
  deliveryId: string | null;
  text: string;
}
export type PageRow = Selectable<PagesTable>;
export type PolicyRow = Selectable<PoliciesTable>;

declare module '#kernel' {
  interface Database {
    'people.teams': TeamsTable;
    'people.teamMembers': TeamMembersTable;
    'people.policies': PoliciesTable;
    'people.pages': PagesTable;
    'people.pageTargets': PageTargetsTable;
    'people.pageEvents': PageEventsTable;
  }
}

/** Replaces the members of a team. */
export async function saveMembers(
  db: Db,
  teamId: string,
  members: { userId: string; role: TeamMembersTable['role']; functions?: string[] | undefined }[],
): Promise<void> {
  await db.deleteFrom('people.teamMembers').where('teamId', '=', teamId).execute();
  if (members.length === 0) return;
  await db
    .insertInto('people.teamMembers')
    .values(members.map(({ functions = [], ...member }) => ({ teamId, ...member, functions: [...new Set(functions)] })))
    .execute();
}

/** Locks a page for the rest of the transaction. */
export const lockPage = (db: Db, id: string) =>
  db.selectFrom('people.pages').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** Writes where a page stands after a turn. */
export async function savePageTurn(db: Db, page: PageRow): Promise<void> {
  const { id, turn, stage, step, round, state, nextTurnAt, firstSentAt } = page;
  await db
    .updateTable('people.pages')
    .set({ turn, stage, step, round, state, nextTurnAt, firstSentAt })
    .where('id', '=', id)
    .modifyEnd(later)
    .execute();
}

/** Writes a page that cannot be there yet, without waiting. */
export async function insertPage(db: Db, page: PageRow): Promise<void> {
  await db
    .insertInto('people.pages')
    .values({ ...page, plan: json(page.plan) })
    .modifyEnd(later)
    .execute();
}

/** The race for a page is won here: one row, or none when somebody was first or it has ended. */
export const takePage = (db: Db, id: string, userId: string, via: string, at: Date) =>
  db
    .updateTable('people.pages')
    .set({
      state: 'acknowledged',
      acknowledgedAt: at,
      acknowledgedBy: userId,
      acknowledgedVia: via,
      firstAcknowledgedAt: sql<Date>`coalesce(first_acknowledged_at, ${at})`,
      assigneeId: userId,
      wakeAt: sql<Date | null>`${at}::timestamptz + make_interval(mins => ack_timeout_minutes)`,
      wakeReason: sql<WakeReason | null>`case when ack_timeout_minutes is null then null else 'ack_timeout' end`,
      nextTurnAt: null,
    })
    .where('id', '=', id)
    .where('state', 'in', ['paging', 'unanswered'])
    .returningAll()
    .executeTakeFirst();

/** Takes a page back into the calling: nobody has it. The turn that follows says who is called. */
export const reopenPage = (db: Db, id: string, from: Cursor) =>
  db
    .updateTable('people.pages')
    .set({
      state: 'paging',
      ...{ stage: from.stage, step: from.step, round: from.round },
      acknowledgedAt: null,
      acknowledgedBy: null,
      acknowledgedVia: null,
      wakeAt: null,
      wakeReason: null,
      endedAt: null,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** When a page that is taken asks again. */
export const setWake = (db: Db, id: string, wakeAt: Date | null, wakeReason: WakeReason | null) =>
  db.updateTable('people.pages').set({ wakeAt, wakeReason }).where('id', '=', id).execute();

/** Ends every page of a subject that has not ended. */
export const endPages = (db: Db, subject: { kind: string; id: string }, reason: string, at: Date) =>
  db
    .updateTable('people.pages')
    .set({ state: 'stopped', endedAt: at, endReason: reason, nextTurnAt: null, wakeAt: null, wakeReason: null })
    .where('subjectKind', '=', subject.kind)
    .where('subjectId', '=', subject.id)
    .where('state', '<>', 'stopped')
    .returningAll()
    .execute();

export interface NewPageEvent {
  pageId: string;
  at: Date;
  reason: string;
  text: string;
  step?: number | null;
  round?: number | null;
  userId?: string | null;
  channel?: string | null;
  deliveryId?: string | null;
}

/** Lines of one statement: PostgreSQL takes 65,535 parameters, a line has nine. */
const BATCH = 2000;

/** Adds lines to the log of a page, in order. */
export async function logPage(db: Db, lines: NewPageEvent[]): Promise<void> {
  if (lines.length === 0) return;
  const empty = { step: null, round: null, userId: null, channel: null, deliveryId: null };
  for (let i = 0; i < lines.length; i += BATCH)
    await db
      .insertInto('people.pageEvents')
      .values(lines.slice(i, i + BATCH).map((line) => ({ ...empty, ...line, text: line.text.slice(0, 1000) })))
      .modifyEnd(later)
      .execute();
}

/** Remembers that these people were called for a page, and writes what happened into its log. */
export async function logTurn(
  db: Db,
  pageId: string,
  userIds: string[],
  at: Date,
  lines: Omit<NewPageEvent, 'pageId' | 'at'>[],
): Promise<void> {
  const rows = lines.map((line) => ({ ...line, text: line.text.slice(0, 1000) }));
  await sql`with called as (insert into people.page_targets (page_id, user_id, first_paged_at, last_paged_at)
    select ${pageId}, unnest(${userIds}::text[]), ${at}::timestamptz, ${at}::timestamptz
    on conflict (page_id, user_id) do update set
      last_paged_at = excluded.last_paged_at, times = people.page_targets.times + 1)
    insert into people.page_events (page_id, at, reason, step, round, user_id, channel, delivery_id, text)
    select ${pageId}, ${at}::timestamptz, t.reason, t.step, t.round, t."userId", t.channel, t."deliveryId", t.text
    from jsonb_to_recordset(${json(rows as unknown)}) as t(reason text, step integer, round integer, "userId" text,
      channel text, "deliveryId" text, text text) ${later}`.execute(db);
}
