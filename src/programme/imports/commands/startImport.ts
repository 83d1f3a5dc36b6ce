/** Begins an import: a row that is read into, by key or by files. Nothing is changed by it. */
import { checkUrl, invalid, personOf, conflict } from '#kernel';
import { command } from '#security';
import { insertImport } from '../store.ts';
import type { VendorName } from '../model.ts';
import { vendorByName } from '../vendors/index.ts';

export interface StartImport {
  vendor: VendorName;
  baseUrl?: string | undefined;
  /** Whether it will be read from the vendor; otherwise files follow. The key itself never comes here. */
  reads: boolean;
}

/** Throws 422 for an address that cannot be called, or a vendor that needs one. */
export const startImport = command(
  'programme.startImport',
  { allow: 'admin', subject: (_input: StartImport, result: { id: string; base: string }) => result.id },
  async (ctx, { vendor, baseUrl, reads }) => {
    const by = personOf(ctx.actor);
    if (!by) throw conflict('An import is started by a person', 'imports.person');
    const base = baseUrl || vendorByName(vendor).base;
    if (reads && !base)
      throw invalid(`${vendorByName(vendor).title} has no usual address`, 'imports.address', [
        { path: 'baseUrl', message: 'its address is needed' },
      ]);
    if (reads && base) checkUrl(base);
    const source = reads && base ? new URL(base).host : 'files';
    const id = await insertImport(ctx, { vendor, state: reads ? 'reading' : 'waiting', source, createdBy: by });
    ctx.audit.after = { vendor, source };
    return { id, base: base ?? '' };
  },
);
