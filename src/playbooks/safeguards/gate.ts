/** The deploy gate: may this service be changed now? One indexed read when nothing is frozen, two when something is. */

import { incidentById } from '#incidents';
import { type Ctx, config, isHidden, notFound, personOf } from '#kernel';
import { systemActor } from '#security';
import { noteException } from '../commands/noteException.ts';
import { freezesAt, type FreezeRow } from './store.ts';

export interface GateQuestion {
  service: string;
  /** `deploy`, `migration`, `flag_change`, `scale_down`, `batch_delete`. */
  change: string;
  label?: string | undefined;
  /** Commit or build, for the record. */
  ref?: string | undefined;
}

/** Answers `allow`, `deny` with the incident, or `allow_exception` for a labelled incident fix, which is written down. */
export async function askGate(ctx: Ctx, question: GateQuestion) {
  const found = await freezesAt(ctx, question.service);
  if (!found) throw notFound('Service', question.service);
  const service = { slug: found.slug };
  const freezes = found.freezes.filter((one) => one.blocks.includes(question.change));
  const [freeze] = freezes;
  if (!freeze)
    return {
      decision: 'allow' as const,
      service: service.slug,
      incident: null,
      reason: 'Nothing is frozen.',
      until: null,
      how: null,
    };
  const until = freeze.expiresAt.toISOString();
  if (freezes.some((one) => isHidden(ctx, one.incidentId)))
    return {
      decision: 'deny' as const,
      service: service.slug,
      incident: null,
      reason: 'It is frozen for a reason that is not shown to you.',
      until,
      how: 'Wait until the time is over, or ask an incident commander.',
    };
  const incident = await incidentById(ctx, freeze.incidentId);
  const about = {
    service: service.slug,
    incident: {
      key: incident.key,
      title: incident.title,
      url: `${config.publicUrl}/incidents/${incident.key}`,
    },
    reason: freeze.reason,
    until,
  };
  if (freezes.every((one) => one.allowLabel === question.label)) {
    for (const one of freezes) await note(ctx, one, question);
    return { decision: 'allow_exception' as const, ...about, how: null };
  }
  const how = `If this change fixes ${incident.key}, ask again with label=${freeze.allowLabel}; otherwise wait until it is restored, or ask its commander to lift the freeze.`;
  return { decision: 'deny' as const, ...about, how };
}

/** The asker only reads; that an exception was given is written by the product. */
async function note(ctx: Ctx, freeze: FreezeRow, question: GateQuestion): Promise<void> {
  const by = { id: personOf(ctx.actor) ?? ctx.actor.id, name: ctx.actor.name };
  const engine: Ctx = { ...ctx, actor: systemActor('playbooks.gate') };
  await noteException(engine, {
    freeze,
    label: question.label ?? '',
    ref: question.ref ?? '',
    by,
  });
}
