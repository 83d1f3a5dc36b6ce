/** Mails what was hidden in the week that is over to those who own what it was about, and to those who answer for everything. */
import { type Ctx, sql } from '#kernel';
import { guardians, listTeams, mail } from '#people';
import { command, type Person, userById } from '#security';
import { weekDue } from '../model.ts';
import { type Hider, hidersBetween, type Refusing, refusing } from '../queries.ts';
import { digestLines, digestSubject } from '../words.ts';

/** Once for each week, whichever node comes first. A week in which nothing was hidden is noted and not mailed. */
export const sendHiddenDigest = command(
  'signals.sendHiddenDigest',
  { allow: 'internal' },
  async (ctx, _input: object): Promise<{ told: number }> => {
    ctx.audit.skip = true;
    const { from, until } = weekDue(ctx.now);
    if (!(await takeWeek(ctx, from))) return { told: 0 };
    const [hiders, refused] = [await hidersBetween(ctx, from, until), await refusing(ctx, from)];
    const groups = hiders.reduce((sum, one) => sum + one.groups, 0);
    const readers = groups + refused.length > 0 ? await readersFor(ctx, hiders, refused) : [];
    for (const { person, own, refusing: off } of readers)
      await mail(
        ctx,
        person,
        { ref: 'hidden', link: '/silences' },
        digestSubject(own, off, from),
        digestLines(own, off, { from, until, zone: person.timeZone }),
      );
    await ctx.db
      .updateTable('signals.hiddenDigests')
      .set({ groups, told: readers.length })
      .where('weekStart', '=', from)
      .execute();
    if (readers.length > 0) {
      ctx.audit.skip = false;
      ctx.audit.after = { week: from.toISOString(), groups, told: readers.length };
    }
    return { told: readers.length };
  },
);

/** False when this week was done. */
async function takeWeek(ctx: Ctx, from: Date): Promise<boolean> {
  const taken = await sql<{ weekStart: Date }>`insert into signals.hidden_digests (week_start, sent_at, groups, told)
    values (${from}, ${ctx.now}, 0, 0) on conflict (week_start) do nothing returning week_start`.execute(ctx.db);
  return taken.rows.length > 0;
}

interface Reader {
  person: Person;
  own: Hider[];
  refusing: Refusing[];
}

/** Administrators and emergency contacts read everything; the leads of a team (all of it, when it has none) what was about its services. */
async function readersFor(ctx: Ctx, hiders: Hider[], refused: Refusing[]): Promise<Reader[]> {
  const readers = new Map<string, Reader>();
  for (const person of await guardians(ctx)) readers.set(person.id, { person, own: hiders, refusing: refused });
  for (const team of await listTeams(ctx)) {
    const active = team.members.filter((member) => member.active);
    const leads = active.filter(({ role }) => role === 'lead');
    const own = hiders.filter(({ services }) => services.some(({ teamId }) => teamId === team.id));
    if (own.length === 0) continue;
    for (const { person: ref } of leads.length > 0 ? leads : active) {
      const known = readers.get(ref.id);
      if (known) known.own = hiders.filter((one) => known.own.includes(one) || own.includes(one));
      else {
        const person = await userById(ctx, ref.id);
        if (person?.active) readers.set(ref.id, { person, own, refusing: [] });
      }
    }
  }
  return [...readers.values()];
}
