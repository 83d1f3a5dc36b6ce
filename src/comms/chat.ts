/** `/update …` typed in an incident's channel: a draft with that headline, to be checked and published in the console. */
import type { RoomHeard } from '#channels';
import { chatCommand, refusalText } from '#incidents';
import { config, type Ctx, Problem } from '#kernel';
import { startDraft } from './commands/startDraft.ts';

export async function draftFromChat(ctx: Ctx, heard: RoomHeard): Promise<void> {
  const said = await chatCommand(ctx, heard, 'update');
  if (!said || said.spoken.kind !== 'update') return;
  const link = new URL(`/incidents/${said.incident.key}`, config.publicUrl).href;
  try {
    await startDraft(said.ctx, { incidentId: said.incident.id, fields: { headline: said.spoken.text.slice(0, 120) } });
    await said.answer(`The draft waits in the war room: ${link}. Nothing is published before somebody does.`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await said.answer(`${refusalText(error)} ${link}`);
  }
}
