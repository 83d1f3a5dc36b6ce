/** Takes one round of samples: goes to the network, writes nothing. Conditions of one run share its readings. */
import { type Ctx, evaluateCel } from '#kernel';
import { getUrl, type HttpAnswer } from '#playbooks';
import type { HttpExpectation, Verdict } from './model.ts';
import { worldOf } from './stages/see.ts';
import { standingCourse } from './stages/store.ts';
import type { CriterionRow } from './store.ts';

export interface Measured {
  criterion: CriterionRow;
  verdict: Verdict;
  detail: string;
}
type Said = { verdict: Verdict; detail: string };

const HTTP_TIMEOUT_MS = 8_000;

export async function measureAll(ctx: Ctx, incidentId: string, criteria: CriterionRow[]): Promise<Measured[]> {
  const worlds = await worldsOf(ctx, incidentId, criteria);
  return Promise.all(
    criteria.map(async (criterion) => {
      try {
        const { verdict, detail } = await (criterion.kind === 'http'
          ? measureHttp(ctx, criterion)
          : worlds.get(criterion.runId!)!(criterion.expression!));
        return { criterion, verdict, detail: detail.slice(0, 400) };
      } catch (error) {
        // A criterion that cannot be taken is unknown; the others must be sampled all the same.
        return { criterion, verdict: 'unknown' as const, detail: (error as Error).message.slice(0, 400) };
      }
    }),
  );
}

/** One world per run: its probes are read once for all conditions that name them. */
async function worldsOf(
  ctx: Ctx,
  incidentId: string,
  criteria: CriterionRow[],
): Promise<Map<string, (expression: string) => Promise<Said>>> {
  const runIds = [...new Set(criteria.flatMap((one) => (one.kind === 'expression' && one.runId ? [one.runId] : [])))];
  if (runIds.length === 0) return new Map();
  const course = await standingCourse(ctx.db, incidentId);
  const made = runIds.map(async (runId) => {
    const expressions = criteria.flatMap((one) => (one.runId === runId && one.expression ? [one.expression] : []));
    try {
      return [runId, await worldOf(ctx, { id: course?.id ?? '', incidentId, runId }, expressions)] as const;
    } catch (error) {
      const detail = (error as Error).message;
      return [runId, async (): Promise<Said> => ({ verdict: 'unknown', detail })] as const;
    }
  });
  return new Map(await Promise.all(made));
}

async function measureHttp(ctx: Ctx, criterion: CriterionRow): Promise<Said> {
  const answer = await getUrl(ctx, criterion.url!, HTTP_TIMEOUT_MS, 'readiness');
  return 'error' in answer ? { verdict: 'unknown', detail: answer.error } : judgeAnswer(criterion, answer);
}

/** An answer that is there is true or false; only a JSON condition that lacks its input is unknown. Pure. */
export function judgeAnswer(expected: HttpExpectation, answer: HttpAnswer): Said {
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
