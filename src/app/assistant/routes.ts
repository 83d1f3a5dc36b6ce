/** HTTP of the assistant: whether there is one, and a draft. */
import { readSetting, route } from '#kernel';
import { endpoints } from '#contract/app';
import { makeDraft } from './draft.ts';
import { assistantSetting } from './settings.ts';

export const assistantRoutes = [
  route(endpoints.assistant, async ({ ctx }) => {
    const known = await readSetting(ctx, assistantSetting);
    return { on: known !== null, model: known?.model ?? null, host: known ? new URL(known.url).host : null };
  }),
  route(endpoints.draft, async ({ ctx, params, body }) => {
    const made = await makeDraft(ctx, params.id, body.kind);
    return { ...made, madeAt: made.madeAt.toISOString() };
  }),
];
