/** Turns anything thrown into RFC 9457 problem details: no stack, no secrets, always the request's id. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemBody } from '../../../contract/core.ts';
import { Problem } from '../errors.ts';
import { log } from '../log.ts';

interface Thrown {
  code?: string;
  statusCode?: number;
  message?: string;
  constraint?: string;
  detail?: string;
  hint?: string;
}

/** Errors of the framework and of the database that are the caller's, in a person's words. */
function known(error: Thrown): Problem | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem(413, 'The body is too large', { rule: 'http.size' });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem(415, 'Send JSON with content-type application/json', { rule: 'http.media_type' });
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new Problem(400, 'The body is empty', { rule: 'http.json' });
    case 'EK409': // our own triggers: message, detail, and the rule as hint
      return new Problem(409, error.message ?? 'This is in use', {
        rule: error.hint ?? 'db.guard',
        detail: error.detail,
      });
    case '23503':
      return new Problem(409, 'Something this refers to does not exist, or is still in use', {
        rule: `db.${error.constraint ?? 'reference'}`,
      });
    case '23505':
      return new Problem(409, 'This already exists', { rule: `db.${error.constraint ?? 'unique'}` });
    case '22021': // a NUL, which PostgreSQL keeps in no text
    case '22P05':
      return new Problem(400, 'A text contains a character that cannot be stored', {
        rule: 'http.text',
        detail: 'Most likely an invisible NUL character: type the text again.',
      });
    case '57014':
      return new Problem(503, 'This took too long and was stopped', {
        rule: 'db.timeout',
        detail: 'Narrow the search and try again.',
      });
    case 'ECONNREFUSED':
    case 'ENOENT':
    case '57P03':
      return new Problem(503, 'The database cannot be reached', {
        rule: 'db.unreachable',
        detail: 'Try again in a moment.',
      });
    default:
      return undefined;
  }
}

/** The problem that is to be answered. What nobody foresaw is logged and answered 500 with the request's id only. */
export function problemOf(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  const thrown = error as Thrown;
  const found = known(thrown);
  if (found) return found;
  if (thrown.statusCode && thrown.statusCode >= 400 && thrown.statusCode < 500) {
    return new Problem(thrown.statusCode, thrown.message ?? 'Bad request', { rule: `http.${thrown.statusCode}` });
  }
  log.error(
    {
      requestId: request.id,
      method: request.method,
      path: request.routeOptions.url,
      error: thrown.message,
      stack: (error as Error).stack,
    },
    'a request failed',
  );
  return new Problem(500, 'Something went wrong on our side', {
    rule: 'http.500',
    detail: 'It was written to the log under this request id. Nothing was half done.',
  });
}

/** Sends it. */
export function answerProblem(reply: FastifyReply, request: FastifyRequest, problem: Problem): FastifyReply {
  const body: ProblemBody = {
    type: `about:blank#${problem.rule}`,
    title: problem.message,
    status: problem.status,
    detail: problem.detail,
    rule: problem.rule,
    errors: problem.errors,
    requestId: request.id,
    ...problem.extra,
  };
  if (problem.status === 413 || problem.status === 408) reply.header('connection', 'close');
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(body));
}
