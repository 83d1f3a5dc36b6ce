/** Where modules above add their part to an incident's export and situation report, so that nothing here looks up. */
import type { Ctx } from '#kernel';

type ExportSection = (ctx: Ctx, incidentId: string) => Promise<unknown>;
/** What is under way for an incident: containment actions, recovery stages. */
export interface ActionInFlight {
  title: string;
  state: string;
}
type SituationSection = (ctx: Ctx, incidentId: string) => Promise<ActionInFlight[]>;

const exportSections = new Map<string, ExportSection>();
const situationSections = new Map<string, SituationSection>();

/** Adds a part to the export, under `sections.<name>`. Call it once, where the module is loaded. The value must be JSON. */
export function exportSection(name: string, read: ExportSection): void {
  exportSections.set(name, read);
}

/** Adds what is in flight to the situation report. Call it once, where the module is loaded. */
export function situationSection(name: string, read: SituationSection): void {
  situationSections.set(name, read);
}

/** Every part, read one after the other so that one incident's export takes one connection. */
export async function readExportSections(ctx: Ctx, incidentId: string): Promise<Record<string, unknown>> {
  const sections: Record<string, unknown> = {};
  for (const [name, read] of exportSections) sections[name] = await read(ctx, incidentId);
  return sections;
}

/** What every module has in flight; a part that fails is named as unknown, the report still comes (M23). */
export async function readSituationSections(ctx: Ctx, incidentId: string): Promise<ActionInFlight[]> {
  const parts = await Promise.all(
    [...situationSections].map(([name, read]) =>
      read(ctx, incidentId).catch((error: Error) => {
        ctx.log.warn({ section: name, error: error.message }, 'a part of the situation report could not be read');
        return [{ title: `${name}: could not be read`, state: 'unknown' }];
      }),
    ),
  );
  return parts.flat();
}
