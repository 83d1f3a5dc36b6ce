/** Secrets never enter a message: refused before anything is stored, and never repeated, not even to the writer. */
import { type Ctx, invalid } from '#kernel';
import { lintText, textsOf, type UpdateFields } from '../lint/index.ts';

/** Throws 422 naming the fields; the attempt goes to the log without the value (domain 2.4, invariant 16). */
export function refuseSecrets(ctx: Ctx, fields: UpdateFields): void {
  const evidence = fields.dataImpact?.evidence
    ? [{ field: 'dataImpact.evidence', text: fields.dataImpact.evidence }]
    : [];
  const found = [...textsOf(fields), ...evidence].flatMap(({ field, text }) =>
    lintText(text, { audience: 'internal' })
      .filter(({ secret }) => secret)
      .map(({ rule, reason, suggestion }) => ({
        rule,
        path: field,
        message: `${reason}. ${suggestion?.text ?? ''}`.trim(),
      })),
  );
  if (found.length === 0) return;
  ctx.log.warn(
    {
      rules: found.map(({ rule }) => rule),
      paths: found.map(({ path }) => path),
    },
    'a message with a secret was refused',
  );
  throw invalid(
    'This text contains a secret and was not saved',
    'comms.secret',
    found.map(({ path, message }) => ({ path, message })),
  );
}
