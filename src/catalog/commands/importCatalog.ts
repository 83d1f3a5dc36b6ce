/** Imports files that describe nodes of the map: adds what is new, follows what changed in the files, and leaves alone what a person changed. */
import { command } from '#security';
import type { Wrote } from '../imports/merge.ts';
import { type ImportInput, placeholder, planImport, rememberImport, type Report, type Step } from '../imports/plan.ts';
import type { Strength } from '../model.ts';
import { createService } from './createService.ts';
import { setDependencies } from './setDependencies.ts';
import { updateService } from './updateService.ts';

export const importCatalog = command(
  'catalog.importCatalog',
  { allow: 'manager', subject: (input: ImportInput) => input.source },
  async (ctx, input: ImportInput): Promise<Report> => {
    const { report, steps } = await planImport(ctx, input);
    const ids = new Map<string, string>();
    // All nodes first, so that dependencies find them.
    for (const step of steps) {
      if (step.id) {
        if (Object.keys(step.merge.set).length > 0) await updateService(ctx, { id: step.id, ...step.merge.set });
        continue;
      }
      const { dependsOn: _, ...fields } = step.file;
      ids.set(placeholder(step.ref), (await createService(ctx, { slug: step.slug, ...fields })).id);
    }
    const real = (needs: Record<string, Strength>) =>
      Object.fromEntries(Object.entries(needs).map(([id, strength]) => [ids.get(id) ?? id, strength]));
    for (const step of steps) {
      const id = step.id ?? ids.get(placeholder(step.ref))!;
      if (step.merge.dependsOn) {
        const dependsOn = Object.entries(real(step.merge.dependsOn)).map(([serviceId, strength]) => ({
          serviceId,
          strength,
        }));
        await setDependencies(ctx, { id, dependsOn });
      }
      const wrote: Wrote = { ...base(step), ...step.file, dependsOn: real(step.file.dependsOn) };
      await rememberImport(ctx, { serviceId: id, source: input.source, ref: step.ref, wrote });
    }
    const { add, change, kept, same, gone, dangling } = report;
    ctx.audit.after = {
      files: input.files.length,
      added: add.length,
      changed: change.length,
      kept,
      same,
      gone,
      dangling,
    };
    return { ...report, applied: true };
  },
);

/** What the import is answerable for: what it wrote before, and the defaults of a node that it made. */
const base = (step: Step): Partial<Wrote> => (step.id ? (step.wrote ?? {}) : { description: '', tier: 2 });
