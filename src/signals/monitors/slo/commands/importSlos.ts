/** Takes objectives from OpenSLO: all of the file or nothing. One that is known by its name is changed, not made twice. */
import { type Ctx, invalid } from '#kernel';
import { findServiceByHint } from '#catalog';
import { command } from '#security';
import type { Slo } from '../model.ts';
import { type ReadObjective, readOpenSlo } from '../openslo.ts';
import { sloBySlug } from '../store.ts';
import { createSlo } from './createSlo.ts';
import { updateSlo } from './updateSlo.ts';

export interface ImportSlos {
  text: string;
}

export const importSlos = command(
  'signals.importSlos',
  { allow: 'manager' },
  async (ctx, input: ImportSlos): Promise<{ id: string; name: string; made: boolean }[]> => {
    const { objectives, problems } = readOpenSlo(input.text);
    if (problems.length > 0) throw invalid('This OpenSLO file cannot be taken in', 'signals.slo_openslo', problems);
    const done: { id: string; name: string; made: boolean }[] = [];
    for (const one of objectives) {
      const known = await sloBySlug(ctx, one.slug);
      const fields = {
        ...one,
        service: undefined,
        serviceId: await serviceIdOf(ctx, one),
        source: await sourceOf(ctx, one, known),
      };
      const saved = known ? await updateSlo(ctx, { ...fields, id: known.id }) : await createSlo(ctx, fields);
      done.push({ id: saved.id, name: saved.name, made: !known });
    }
    ctx.audit.after = done.map(({ id, made }) => ({ id, made }));
    return done;
  },
);

async function serviceIdOf(ctx: Ctx, one: ReadObjective): Promise<string | null> {
  if (!one.service) return null;
  const found = await findServiceByHint(ctx, { service: one.service });
  if (found) return found.id;
  throw invalid(`The catalogue knows no service “${one.service}”`, 'signals.slo_openslo', [
    { path: `${one.slug}: spec.service`, message: 'Add the service first, or leave it out.' },
  ]);
}

async function sourceOf(ctx: Ctx, one: ReadObjective, known: Slo | undefined): Promise<Slo['source']> {
  const { source } = one;
  // The header with its secret is ours, not the file's: it stays.
  if (source.kind === 'prometheus')
    return { ...source, authorization: known?.source.kind === 'prometheus' ? known.source.authorization : '' };
  const rows = await ctx.db
    .selectFrom('signals.monitors')
    .select(['id', 'name'])
    .where((eb) =>
      eb(
        eb.fn<string>('lower', ['name']),
        'in',
        source.monitors.map((name) => name.toLowerCase()),
      ),
    )
    .execute();
  const missing = source.monitors.filter((name) => !rows.some((row) => row.name.toLowerCase() === name.toLowerCase()));
  if (missing.length > 0)
    throw invalid(`There is no monitor called “${missing[0]}”`, 'signals.slo_openslo', [
      { path: `${one.slug}: spec.indicator`, message: `Not there: ${missing.join(', ')}.` },
    ]);
  return { kind: 'monitors', monitorIds: rows.map((row) => row.id) };
}
