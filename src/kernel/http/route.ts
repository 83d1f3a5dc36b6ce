/** Routes: an endpoint of the contract joined to what it does, or a raw route for wires that are not ours. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Endpoint } from '../../../contract/core.ts';
import type { Ctx } from '../context.ts';
import type { House } from '../house.ts';

export interface Call<P, Q, B> {
  ctx: Ctx;
  params: P;
  query: Q;
  body: B;
  request: FastifyRequest;
  reply: FastifyReply;
}

export interface Route {
  kind: 'endpoint';
  endpoint: Endpoint;
  handle: (call: Call<unknown, unknown, unknown>) => Promise<unknown>;
}

export interface RawRequest extends FastifyRequest {
  /** The bytes as received, after removing a declared gzip or br encoding. */
  rawBody: Buffer;
}

export interface RawRoute {
  kind: 'raw';
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'HEAD';
  path: string;
  /** Bytes; 1 MiB when absent. A larger body is answered 413 without being read. */
  bodyLimit?: number;
  /** Answered 415 when the body has another media type. `'*'` takes any. */
  types?: string[];
  /** Encodings of the body that the handler undoes itself; it gets the bytes as sent, at most `bodyLimit` of them. */
  leaves?: string[];
  /** Ordinary posts to this fixed path are taken without the framework (quick.ts): for what comes by the thousand. */
  quick?: boolean;
  /** Asked before any byte of the body is read; throws to refuse. For bodies too large to read for just anybody. */
  admit?: (request: RawRequest, house: House) => Promise<void>;
  /** The command that it carries out, when it is one of ours with a body that is not JSON. */
  command?: string;
  handle: (request: RawRequest, reply: FastifyReply, house: House) => Promise<unknown>;
}

export type AnyRoute = Route | RawRoute;

/** Joins an endpoint to its work. What it returns is checked against the contract in tests and sent as JSON. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  handle: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.input<R> | undefined | void>,
): Route {
  return { kind: 'endpoint', endpoint: endpoint as unknown as Endpoint, handle: handle as Route['handle'] };
}

/** A route outside the contract, for vendors' wires, public pages and signed links. */
export function rawRoute(parts: Omit<RawRoute, 'kind'>): RawRoute {
  return { kind: 'raw', ...parts };
}
