/** What of command and the room goes out with an incident: how it was coordinated, in its export; its files, in its bundle. */
import { commandOf } from '../command.ts';
import { bundleFiles } from '../record/bundle.ts';
import { exportSection } from '../sections.ts';
import { wire } from '../wire.ts';
import { attachmentById, attachmentsOf } from './store.ts';

/** Called once, where the module is loaded. */
export function joinExports(): void {
  exportSection('command', async (ctx, incidentId) => {
    const { facts: _, spans: __, ...told } = await commandOf(ctx, incidentId);
    const files = await attachmentsOf(ctx, incidentId);
    return wire({ ...told, files: files.map(({ exercise: ___, incidentId: ____, ...file }) => file) });
  });
  // One after the other, so that a bundle takes the memory of its largest file.
  bundleFiles(async function* files(ctx, incidentId) {
    for (const { id, name } of await attachmentsOf(ctx, incidentId)) {
      const { bytes } = await attachmentById(ctx, id);
      yield { name: `${id.replaceAll('_', '-')}-${name.replaceAll(/[^A-Za-z0-9.-]+/g, '-')}`, data: bytes };
    }
  });
}
