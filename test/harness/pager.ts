/** What stories about paging need: people with a mailbox, rotas, policies, pages, and what their log says. */
import type { Ctx } from '#kernel';
import { newId } from '#kernel';
import { createPolicy, createSchedule, createTeam, openPages, type StartPage, startPage, stopPages } from '#people';
import { insertUser, userActor, userById } from '#security';
import type { PolicyFields } from '../../src/people/policies.ts';
import type { Step, Target } from '../../src/people/plan.ts';
import { pageWithLog } from '../../src/people/page-view.ts';
import type { House } from './house.ts';

export type Pager = Awaited<ReturnType<typeof openPager>>;

/** `more` of a policy; everything else has its usual value. */
type More = Partial<Omit<PolicyFields, 'steps' | 'name'>>;

export async function openPager(house: House) {
  const system = () => house.ctx('system');
  const manager = () => house.ctx('manager');
  const names = new Map<string, string>();

  /** A person with an address of their own, by first name. */
  async function person(name: string): Promise<string> {
    const email = `${name.toLowerCase()}.${newId('x').slice(-8)}@orchardline.example`;
    const id = await insertUser(await system(), { email, name, roles: ['responder'], timeZone: 'Europe/Berlin' });
    names.set(id, name);
    return id;
  }
  /** A context in which this person acts. */
  const as = async (userId: string): Promise<Ctx> =>
    house.core.ctx(userActor((await userById(await system(), userId))!));

  async function rota(participants: string[], teamId: string | null = null): Promise<string> {
    const name = `Rota ${newId('x')}`;
    const turns = { handoverWeekday: 1, handoverTime: '09:00', startsOn: '2026-01-05', everyWeeks: 1 };
    const fields = { name, teamId, zone: 'Europe/Berlin', ...turns, participants, acceptWarnings: true };
    return (await createSchedule(await manager(), fields)).id;
  }
  async function team(members: string[], leads: string[] = []): Promise<string> {
    return (
      await createTeam(await manager(), {
        name: `Team ${newId('x')}`,
        description: '',
        members: [
          ...leads.map((userId) => ({ userId, role: 'lead' as const })),
          ...members.map((userId) => ({ userId, role: 'member' as const })),
        ],
      })
    ).id;
  }
  async function policy(steps: Step[], more: More = {}): Promise<string> {
    const name = `Policy ${newId('x')}`;
    return (await createPolicy(await manager(), { name, teamId: null, repeat: 0, ...more, steps })).id;
  }
  async function page(policyId: string, more: Partial<StartPage> = {}): Promise<string> {
    const { pageId } = await startPage(await system(), {
      subject: { kind: 'watch', id: newId('wat') },
      title: 'Orders are failing',
      body: 'error rate 12 %',
      urgency: 'high',
      serviceName: 'order-api',
      link: '/alerts/grp_x',
      policyId,
      ...more,
    });
    await house.settle();
    return pageId;
  }
  const view = async (pageId: string) => pageWithLog(await system(), pageId);

  return {
    person,
    as,
    rota,
    team,
    policy,
    page,
    view,
    log: async (pageId: string) => (await view(pageId)).log,
    reasons: async (pageId: string) =>
      (await view(pageId)).log
        .map((line) => line.reason)
        .filter((reason) => !['called', 'sent', 'delivered'].includes(reason)),
    /** First names in the order in which mails reached them. */
    mailed: () => house.smtp.messages.map((mail) => mail.to[0]?.split('.')[0]),
    /** Nothing of the test before goes on calling in this one. */
    async quiet(): Promise<void> {
      const ctx = await system();
      const rows = await ctx.db.selectFrom('people.pages').selectAll().where('state', '<>', 'stopped').execute();
      for (const row of rows)
        await stopPages(ctx, { subject: { kind: row.subjectKind, id: row.subjectId }, reason: 'the test is over' });
      await house.settle();
      house.smtp.clear();
      house.sink.clear();
      house.smtp.answer();
    },
    open: async () => openPages(await system()),
  };
}

export const user = (id: string): Target => ({ kind: 'user', id });
/** A step that calls these people for a minute each. */
export const step = (targets: Target[], more: Partial<Step> = {}): Step => ({ delaySeconds: 60, targets, ...more });
