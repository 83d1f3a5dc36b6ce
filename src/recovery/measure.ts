/** Takes one round of samples: goes to the network, writes nothing. */
import { type Ctx, evaluateCel } from '#kernel';
import { contextOf, getUrl, type HttpAnswer, judge, refresh, scopeOf } from '#playbooks';
import type { HttpExpectation, Verdict } from './model.ts';
import type { CriterionRow } from './store.ts';

export interface Measured {
  criterion: CriterionRow;
  verdict: Verdict;
  detail: string;
}

const HTTP_TIMEOUT_MS = 8_000;

export const measureAll = (ctx: Ctx, criteria: CriterionRow[]): Promise<Measured[]> =>
  Promise.all(
    criteria.map(async (criterion) => {
      try {
        const { verdict, detail } = await (criterion.kind === 'http'
          ? measureHttp(ctx, criterion)
          : measureExpression(ctx, criterion));
        return { criterion, verdict, detail: detail.slice(0, 400) };
      } catch (error) {
        // A criterion that cannot be taken is unknown; the others must be sampled all the same.
        return { criterion, verdict: 'unknown' as const, detail: (error as Error).message.slice(0, 400) };
      }
    }),
  );

async function measureHttp(ctx: Ctx, criterion: CriterionRow): Promise<{ verdict: Verdict; detail: string }> {
  const answer = await getUrl(ctx, criterion.url!, HTTP_TIMEOUT_MS, 'readiness');
  return 'error' in answer ? { verdict: 'unknown', detail: answer.error } : judgeAnswer(criterion, answer);
}

/** An answer that is there is true or false; only a JSON condition that lacks its input is unknown. Pure. */
export function judgeAnswer(expected: HttpExpectation, answer: HttpAnswer): { verdict: Verdict; detail: string } {
  const status = expected.expectStatus;
  const fine = status === null ? answer.status >= 200 && answer.status < 300 : answer.status === status;
  if (!fine) return { verdict: 'false', detail: `answered ${answer.status}` };
  if (expected.expectContains && !answer.text.includes(expected.expectContains)) {
    return { verdict: 'false', detail: `the answer does not contain "${expected.expectContains}"` };
  }
  if (!expected.expectJson) return { verdict: 'true', detail: '' };
  let body: unknown;
  try {
    body = JSON.parse(answer.text);
  } catch {
    return { verdict: 'unknown', detail: 'the answer is not JSON' };
  }
  const result = evaluateCel(expected.expectJson, { status: answer.status, body, ms: answer.ms });
  if (result.value === 'unknown') return { verdict: 'unknown', detail: result.error ?? '' };
  return {
    verdict: result.value ? 'true' : 'false',
    detail: result.value ? '' : `${expected.expectJson} does not hold`,
  };
}

async function measureExpression(ctx: Ctx, criterion: CriterionRow): Promise<{ verdict: Verdict; detail: string }> {
  const scope = await scopeOf(ctx, criterion.runId!);
  await refresh(ctx, scope, [criterion.expression!]);
  const { verdict, detail } = await judge(ctx, scope, criterion.expression!, await contextOf(ctx, scope));
  return { verdict, detail: detail ?? (verdict === 'false' ? `${criterion.expression} does not hold` : '') };
}
