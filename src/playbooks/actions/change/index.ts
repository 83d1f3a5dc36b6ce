/** Connector `change`: freezes changes of the affected services at the deploy gate, and lifts the freeze. */

import { z } from 'zod';
import { servicesByIds } from '#catalog';
import { type Ctx, systemActor } from '#kernel';
import { holdFreeze } from '../../commands/holdFreeze.ts';
import { releaseFreeze } from '../../commands/releaseFreeze.ts';
import { coveredServices } from '../../safeguards/freeze.ts';
import { openFreezes } from '../../safeguards/store.ts';
import type { ActionCall, Connector, ConnectorFace } from '../contract.ts';

const freezeParams = z.strictObject({
  scope: z.enum(['affected', 'affected_and_upstream']).default('affected'),
  blocks: z.array(z.string().max(40)).min(1).max(10).default(['deploy', 'migration', 'flag_change']),
  allow_label: z.string().min(1).max(80).default('incident-fix'),
});
const liftParams = z.strictObject({ scope: z.string().optional() });

const engine = (ctx: Ctx): Ctx => ({
  ...ctx,
  actor: systemActor('playbooks.engine'),
});
const lifts = (call: ActionCall) => call.action === 'change.unfreeze';
const own = async (ctx: Ctx, call: ActionCall) =>
  (await openFreezes(ctx, { incidentId: call.incident.id })).filter(
    (one) => lifts(call) || one.actionRunId === call.actionRunId,
  );

async function hold(ctx: Ctx, call: ActionCall): Promise<void> {
  const given = freezeParams.parse(call.params);
  const serviceIds = await coveredServices(ctx, call.incident.serviceIds, given.scope);
  await holdFreeze(engine(ctx), {
    incidentId: call.incident.id,
    serviceIds,
    actionRunId: call.actionRunId,
    reason: `${call.incident.key}: ${call.title}`,
    blocks: given.blocks,
    allowLabel: given.allow_label,
  });
}

/**
 * Both faces are the same code: a freeze of a drill carries `exercise`, and the deploy gate never looks at those rows.
 * That is the simulation.
 */
const face: ConnectorFace = {
  plan: async (ctx, call) => {
    const frozen = await openFreezes(ctx, { incidentId: call.incident.id });
    const scope = lifts(call) ? 'affected' : freezeParams.parse(call.params).scope;
    const ids = await coveredServices(ctx, call.incident.serviceIds, scope);
    const names = [...(await servicesByIds(ctx, ids)).values()].map((service) => service.name);
    if (lifts(call)) {
      return {
        targets: names,
        effect: 'Deploys are allowed again.',
        collateral: [],
        undo: 'Freeze again.',
        reversible: true,
        noop: frozen.length === 0,
      };
    }
    const label = freezeParams.parse(call.params).allow_label;
    return {
      targets: names,
      effect: `The deploy gate answers "deny" for ${names.join(', ') || 'no service'} until the incident is restored, at most 12 hours.`,
      collateral: [`A change labelled "${label}" still passes and is noted.`],
      undo: 'Lifts the freeze.',
      reversible: true,
      noop: ids.length > 0 && ids.every((id) => frozen.some((one) => one.serviceId === id)),
    };
  },
  apply: async (ctx, call) => {
    if (lifts(call)) {
      for (const one of await own(ctx, call))
        await releaseFreeze(engine(ctx), {
          freezeId: one.id,
          reason: call.title,
        });
      return { result: 'accepted' };
    }
    if (call.incident.serviceIds.length === 0)
      return {
        result: 'refused',
        message: 'the incident names no affected service to freeze',
      };
    await hold(ctx, call);
    return { result: 'accepted' };
  },
  read: async (ctx, call) => {
    const frozen = await openFreezes(ctx, { incidentId: call.incident.id });
    // Asked about its undo, a freeze has the opposite wanted state.
    const wanted = lifts(call) || call.key.endsWith('/undo') ? frozen.length === 0 : frozen.length > 0;
    return wanted ? 'applied' : 'not_applied';
  },
  undo: async (ctx, call) => {
    if (lifts(call)) return { result: 'refused', message: 'freeze again with change.freeze' };
    for (const one of await own(ctx, call))
      await releaseFreeze(engine(ctx), {
        freezeId: one.id,
        reason: `Undo: ${call.title}`,
      });
    return { result: 'accepted' };
  },
};

export const change: Connector = {
  name: 'change',
  title: 'Change freeze',
  actions: {
    'change.freeze': {
      title: 'Freeze changes',
      params: freezeParams,
      risk: 'reversible',
      hint: '{scope: affected}',
      manual: () => 'Post "change freeze" in the engineering channel and lock the deploy pipeline by hand.',
    },
    'change.unfreeze': {
      title: 'Lift the freeze',
      params: liftParams,
      risk: 'reversible',
      hint: '{}',
      manual: () => 'Post "freeze lifted" in the engineering channel and unlock the deploy pipeline.',
    },
  },
  health: async () => ({ ok: true, detail: 'built in' }),
  real: face,
  simulator: face,
};
