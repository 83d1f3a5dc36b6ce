/** Tells those who own a service that its alerts will be held: the lead of its team, or everybody in it when it has none. */
import type { Service } from '#catalog';
import type { Ctx } from '#kernel';
import { listTeams, mail } from '#people';
import { userById } from '#security';
import type { Silence } from './model.ts';

/** One mail for each owner, about all of their services. Times in UTC, because they are of many places. */
export async function tellOwners(ctx: Ctx, window: Silence, services: Service[]): Promise<void> {
  const teams = services.length > 0 ? await listTeams(ctx) : [];
  const owned = new Map<string, string[]>();
  for (const { teamId, name } of services) {
    const members = (teams.find(({ id }) => id === teamId)?.members ?? []).filter(({ active }) => active);
    const leads = members.filter(({ role }) => role === 'lead');
    for (const { person } of leads.length > 0 ? leads : members)
      owned.set(person.id, [...(owned.get(person.id) ?? []), name]);
  }
  for (const [userId, names] of owned) {
    const person = await userById(ctx, userId);
    if (!person) continue;
    await mail(
      ctx,
      person,
      { ref: window.id, link: '/silences' },
      `Maintenance of ${names.join(', ')}: ${window.name}`,
      [
        `${window.createdBy} planned a maintenance window. ${window.comment}`,
        `From ${utc(window.startsAt)} to ${utc(window.endsAt)}.`,
        window.holdsCritical
          ? 'New alerts call nobody meanwhile, not even critical ones: that was confirmed.'
          : 'New alerts call nobody meanwhile. Critical ones do.',
        'What still fires at the end pages then.',
      ],
    );
  }
}

const utc = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
