/** HTTP ↔ imports. */
import { importEndpoints as at } from '#contract/programme';
import { route } from '#kernel';
import { addImportFile } from './commands/addImportFile.ts';
import { applyImport } from './commands/applyImport.ts';
import { forgetImport } from './commands/forgetImport.ts';
import { startImport } from './commands/startImport.ts';
import { importSummary, importView, listImports } from './queries.ts';
import { readFiles, readInBackground } from './reading.ts';
import { vendors } from './vendors/index.ts';

export const importRoutes = [
  route(at.importVendors, async () => ({
    items: vendors.map(({ name, title, base, bases, keyHelp, fileHelp }) => ({
      vendor: name,
      title,
      base,
      bases,
      keyHelp,
      fileHelp,
    })),
  })),
  route(at.imports, async ({ ctx }) => ({ items: await listImports(ctx) })),
  route(at.import, async ({ ctx, params }) => importView(ctx, params.id)),
  route(at.startImport, async ({ ctx, body }) => {
    const { id, base } = await startImport(ctx, {
      vendor: body.vendor,
      baseUrl: body.baseUrl,
      reads: body.key !== undefined,
    });
    if (body.key !== undefined) readInBackground(ctx, { id, vendor: body.vendor, base, key: body.key });
    return importSummary(ctx, id);
  }),
  route(at.addImportFile, async ({ ctx, params, body }) => {
    await addImportFile(ctx, { id: params.id, name: body.name, part: body.part, text: body.text });
    if (body.last) await readFiles(ctx, { id: params.id, vendor: (await importSummary(ctx, params.id)).vendor });
    return importSummary(ctx, params.id);
  }),
  route(at.applyImport, async ({ ctx, params, body }) => {
    await applyImport(ctx, { id: params.id, ...body });
    return importSummary(ctx, params.id);
  }),
  route(at.forgetImport, async ({ ctx, params }) => forgetImport(ctx, { id: params.id })),
];
