/** Checks at the moment of publishing that need more than the text: overrides of the lint, components that exist. */
import { type Ctx, invalid, Problem } from '#kernel';
import { listComponents } from '../components/store.ts';
import type { LintReport, UpdateFields } from '../lint/index.ts';

export interface Override {
  rule: string;
  reason: string;
}

/** Every lint error is gone or let pass by name and reason, by somebody who commands and, at SEV1–2, did not write it. */
export function checkOverrides(
  lint: LintReport,
  overrides: Override[],
  by: { mayOverride: boolean; isWriter: boolean; severity: number },
): void {
  const open = lint.errors.filter(
    (rule) => lint.secrets.includes(rule) || !overrides.some((override) => override.rule === rule),
  );
  if (open.length > 0) {
    const errors = lint.findings
      .filter(({ rule, level }) => level === 'error' && open.includes(rule))
      .map(({ rule, field, reason, words, suggestion }) => ({
        path: field,
        message: `${rule}: ${reason}${words ? ` (“${words}”)` : ''}. ${suggestion?.text ?? ''}`.trim(),
      }));
    throw invalid(`The message check stops this text (${open.join(', ')})`, 'comms.lint', errors);
  }
  if (lint.errors.length === 0) return;
  if (!by.mayOverride || (by.isWriter && by.severity <= 2)) {
    throw new Problem(
      403,
      'Letting an error of the message check pass is up to the incident commander, and at SEV1–2 not to the writer',
      { rule: 'comms.lint.override' },
    );
  }
}

/** A message may set only components that are there. */
export async function checkStates(ctx: Ctx, fields: UpdateFields): Promise<void> {
  const known = new Set((await listComponents(ctx)).map(({ id }) => id));
  const unknown = Object.keys(fields.componentStates).filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  throw invalid(
    'This message sets a component that is not on the status page',
    'comms.components',
    unknown.map((id) => ({
      path: `componentStates.${id}`,
      message: 'no such component',
    })),
  );
}
