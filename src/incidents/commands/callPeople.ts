/** Calls people for a SEV1 or SEV2, unless an alert of it is calling the same ones already. */
import { type Ctx, readSetting } from '#kernel';
import { type Service, servicesByIds } from '#catalog';
import { COMMANDER, startPage } from '#people';
import { conferenceOf } from '../chat/conference.ts';
import { command, personRefs } from '#security';
import { groupById } from '#signals';
import { isActive } from '../lifecycle/model.ts';
import { wasWritten } from '../record/queries.ts';
import { write } from '../record/write.ts';
import { holdingsOf } from '../roles/store.ts';
import { commandPolicy } from '../settings.ts';
import { affectedOf, lockIncident } from '../store.ts';

export const callPeople = command(
  'incidents.callPeople',
  { allow: 'internal', subject: (input: { incidentId: string }) => input.incidentId },
  async (ctx, { incidentId }: { incidentId: string }): Promise<{ called: number; why: string }> => {
    const incident = await lockIncident(ctx, incidentId);
    if (incident.severity > 2) return { called: 0, why: 'only SEV1 and SEV2 call for a commander' };
    if (!isActive(incident.phase)) return { called: 0, why: `it is ${incident.phase}` };
    if (incident.restricted) return { called: 0, why: 'it is restricted: only the people on its list are called' };
    const lead = (await holdingsOf(ctx, incident.id)).find((held) => held.role === COMMANDER);
    if (lead?.accepted) return { called: 0, why: 'somebody leads it already' };
    const services = [
      ...(
        await servicesByIds(
          ctx,
          (await affectedOf(ctx, incident.id)).map((row) => row.serviceId),
        )
      ).values(),
    ];
    const paging = await pagedByAlerts(ctx, incident.id);
    // Who commands is called by the rota already; the services' own people are called for what they know.
    const called = lead ? (await personRefs(ctx, [lead.userId])).get(lead.userId) : undefined;
    const targets = distinct(services, await readSetting(ctx, commandPolicy)).filter(
      (target) => !paging.has(target.key) && (lead === undefined || target.serviceName !== null),
    );
    const ask = called
      ? `${called.name} is called to lead. You are called for ${services.map(({ name }) => name).join(', ')}.`
      : 'Take command, or hand on to somebody who can.';
    const conference = await conferenceOf(ctx, incident.key);
    for (const target of targets) {
      await startPage(ctx, {
        subject: { kind: 'incident', id: incident.id },
        title: `SEV${incident.severity} ${incident.key}: ${incident.title}`,
        body: [incident.summary || ask, ...(conference ? [`Call: ${conference}`] : [])].join('\n\n'),
        urgency: 'high',
        priority: incident.severity,
        policyId: target.policyId,
        teamId: target.teamId,
        serviceName: target.serviceName,
        incidentId: incident.id,
        link: `/incidents/${incident.key}`,
      });
    }
    const refs = targets.map((target) => ({ kind: 'call', id: target.key }));
    const told = await Promise.all(refs.map((ref) => wasWritten(ctx, incident.id, ref)));
    if (told.includes(false)) {
      const words = targets.map((target) => target.words).join(', ');
      await write(ctx, incident, {
        kind: 'page',
        text: `${lead ? 'Calling who knows the services' : 'Calling a commander'}: ${words}`,
        refs,
      });
    }
    return {
      called: targets.length,
      why: targets.length === 0 ? 'the linked alerts call the same people already' : 'no commander yet',
    };
  },
);

interface Target {
  /** Two services with the same key call the same people. */
  key: string;
  policyId: string | null;
  teamId: string | null;
  serviceName: string | null;
  words: string;
}

/** One target per policy or team; without any service the policy for commanders, and without that whoever people falls back to. */
function distinct(services: Service[], fallback: { policyId: string | null }): Target[] {
  const targets = services.map((service): Target => {
    const policyId = service.policyId ?? (service.teamId ? null : fallback.policyId);
    const words = policyId
      ? `policy of ${service.name}`
      : service.teamId
        ? `team of ${service.name}`
        : 'the emergency contact';
    return { key: keyOf({ ...service, policyId }), policyId, teamId: service.teamId, serviceName: service.name, words };
  });
  const nobody = {
    key: fallback.policyId ?? 'nobody',
    policyId: fallback.policyId,
    teamId: null,
    serviceName: null,
    words: 'the commanders’ policy',
  };
  return [...new Map((targets.length > 0 ? targets : [nobody]).map((target) => [target.key, target])).values()];
}

const keyOf = (service: { policyId: string | null; teamId: string | null }): string =>
  service.policyId ?? service.teamId ?? 'nobody';

/** Whom the pages of linked alerts call: signals pages the service's policy for critical and error alerts. */
async function pagedByAlerts(ctx: Ctx, incidentId: string): Promise<Set<string>> {
  const links = await ctx.db
    .selectFrom('incidents.groupLinks')
    .select('groupId')
    .where('incidentId', '=', incidentId)
    .execute();
  const groups = (await Promise.all(links.map((link) => groupById(ctx, link.groupId)))).filter(
    (group) => group !== undefined && group !== null,
  );
  const loud = groups.filter(
    (group) => group.state !== 'resolved' && (group.severity === 'critical' || group.severity === 'error'),
  );
  const services = await servicesByIds(
    ctx,
    loud.map((group) => group.serviceId).filter((id): id is string => id !== null),
  );
  return new Set([...services.values()].map(keyOf));
}
