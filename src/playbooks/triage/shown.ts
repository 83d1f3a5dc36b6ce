/** A suggestion can be taken or refused once somebody has seen it. */
import { conflict, type Ctx } from '#kernel';
import type { Subject } from './facts.ts';
import type { Kind } from './model.ts';
import { lockShown, type SuggestionRow } from './store.ts';

/** Locked until the transaction ends. 409 for what was never shown. */
export async function shownOrRefuse(ctx: Ctx, subject: Subject, kind: Kind, value: string): Promise<SuggestionRow> {
  const row = await lockShown(ctx, { ...subject, kind, value });
  if (row) return row;
  throw conflict(
    `No ${kind} like this was suggested here`,
    'playbooks.suggestion.unknown',
    'Ask for the suggestions first: only what a person has seen can be taken with one click.',
  );
}
