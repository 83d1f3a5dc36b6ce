/** Admits a probe: a place that is not ours, with a token that can do nothing but look and say what it saw. */
import { conflict } from '#kernel';
import { command } from '#security';
import { insertProbe, listProbes, type Probe } from '../store.ts';

export const createProbe = command(
  'signals.createProbe',
  { allow: 'manager', subject: (_input: { name: string }, result: { probe: Probe }) => result.probe.id },
  async (ctx, input: { name: string }): Promise<{ probe: Probe; token: string }> => {
    const others = await listProbes(ctx);
    if (others.some((probe) => probe.name.toLowerCase() === input.name.toLowerCase()))
      throw conflict(`There already is a probe called “${input.name}”`, 'signals.probe_name');
    ctx.audit.after = { name: input.name };
    return await insertProbe(ctx, input.name);
  },
);
