/** Takes one piece of an export file. */
import { conflict, Problem } from '#kernel';
import { command } from '#security';
import { MOST_CHARACTERS } from '../snapshot.ts';
import { importById, keepPart, sizeOfParts } from '../store.ts';

export interface AddImportFile {
  id: string;
  name: string;
  part: number;
  text: string;
}

/** Throws 404, 409 when it does not wait for files, 413 when it is too much. */
export const addImportFile = command(
  'programme.addImportFile',
  { allow: 'admin', subject: (input: AddImportFile) => input.id },
  async (ctx, { id, name, part, text }) => {
    const row = await importById(ctx, id, true);
    if (row.state !== 'waiting')
      throw conflict('This import does not wait for files', 'imports.state', 'Start a new one.');
    if ((await sizeOfParts(ctx, id)) + text.length > MOST_CHARACTERS)
      throw new Problem(413, `At most ${MOST_CHARACTERS / 1024 / 1024} million characters`, {
        rule: 'imports.size',
        detail: 'Leave out what is not needed: alerts and incidents are not carried over.',
      });
    await keepPart(ctx, id, { name, part, text });
    ctx.audit.skip = true;
  },
);
