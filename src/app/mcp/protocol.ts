/**
 * The Model Context Protocol as we speak it: revision 2026-07-28 (each request by itself) and, for older clients, 2025-11-25 and
 * 2025-06-18 (a handshake first). Pure: which revision a request is of, and what is wrong with it.
 */

export const MODERN = '2026-07-28';
/** Newest first: what a client of the handshake is offered when it asks for something unknown. */
export const LEGACY = ['2025-11-25', '2025-06-18'];
export const SUPPORTED = [MODERN, ...LEGACY];

export const CODES = {
  parse: -32700,
  request: -32600,
  method: -32601,
  params: -32602,
  internal: -32603,
  header: -32020,
  version: -32022,
  /** Ours: too many calls. */
  busy: -32000,
} as const;

export interface RpcRequest {
  jsonrpc: '2.0';
  /** Absent: a notification. */
  id?: string | number;
  method: string;
  params?: Record<string, unknown>;
}

/** A request that is refused before anything is done. */
export interface Refusal {
  status: number;
  code: number;
  message: string;
  data?: unknown;
}

export type Headers = Record<string, string | string[] | undefined>;

const refuse = (status: number, code: number, message: string, data?: unknown): Refusal => ({
  status,
  code,
  message,
  ...(data === undefined ? {} : { data }),
});

/** Reads one JSON-RPC message. Batches left the protocol in 2025-06-18. */
export function readMessage(text: string): RpcRequest | Refusal {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(400, CODES.parse, 'The body is not JSON');
  }
  const message = value as Partial<RpcRequest> | null;
  const { id, params } = message ?? {};
  const fits =
    typeof message === 'object' &&
    message !== null &&
    !Array.isArray(message) &&
    message.jsonrpc === '2.0' &&
    typeof message.method === 'string' &&
    (id === undefined || typeof id === 'string' || Number.isSafeInteger(id)) &&
    (params === undefined || (typeof params === 'object' && params !== null && !Array.isArray(params)));
  return fits ? (message as RpcRequest) : refuse(400, CODES.request, 'Send one JSON-RPC 2.0 request or notification');
}

export const isRefusal = (value: object): value is Refusal => 'status' in value && 'code' in value;

const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES_KEY = 'io.modelcontextprotocol/clientCapabilities';
const metaOf = (message: RpcRequest): Record<string, unknown> => {
  const meta = message.params?._meta;
  return typeof meta === 'object' && meta !== null ? (meta as Record<string, unknown>) : {};
};
const one = (headers: Headers, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? undefined : value;
};

/** Which revision a message is of. `initialize` exists only in the older ones. */
export function revisionOf(message: RpcRequest, headers: Headers): 'modern' | 'legacy' | Refusal {
  const header = one(headers, 'mcp-protocol-version');
  const said = metaOf(message)[VERSION_KEY];
  if (header === MODERN || said === MODERN) return 'modern';
  if (message.method === 'initialize') return 'legacy';
  const asked = header ?? (typeof said === 'string' ? said : undefined);
  // 2025-06-18 and later send the header; one who leaves it out is taken for the oldest we speak.
  if (asked === undefined) return message.method === 'server/discover' ? 'modern' : 'legacy';
  if (LEGACY.includes(asked)) return 'legacy';
  return refuse(400, CODES.version, 'Unsupported protocol version', { supported: SUPPORTED, requested: asked });
}

/** The methods whose `Mcp-Name` header repeats a parameter. */
const NAMED: Record<string, string> = { 'tools/call': 'name', 'prompts/get': 'name', 'resources/read': 'uri' };

const BASE64 = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/;
const decoded = (value: string): string => {
  const found = BASE64.exec(value)?.[1];
  return found === undefined ? value : Buffer.from(found, 'base64').toString('utf8');
};

/** Headers must say what the body says: otherwise a gateway would let one thing pass and we would do another. */
export function headerFault(message: RpcRequest, headers: Headers): Refusal | undefined {
  const fault = (text: string) => refuse(400, CODES.header, `Header mismatch: ${text}`);
  const pairs: [string, unknown][] = [
    ['MCP-Protocol-Version', metaOf(message)[VERSION_KEY]],
    ['Mcp-Method', message.method],
  ];
  const named = NAMED[message.method];
  if (named) pairs.push(['Mcp-Name', message.params?.[named]]);
  for (const [name, inBody] of pairs) {
    const value = one(headers, name.toLowerCase());
    if (value === undefined) return fault(`${name} is missing`);
    const read = name === 'Mcp-Name' ? decoded(value) : value;
    if (read !== inBody) return fault(`${name} does not match the body`);
  }
  const capabilities = metaOf(message)[CAPABILITIES_KEY];
  if (typeof capabilities !== 'object' || capabilities === null)
    return refuse(400, CODES.params, `params._meta lacks ${CAPABILITIES_KEY}`);
  return undefined;
}

/** The revision a handshake ends with: the client's when we speak it, else our newest of that kind. */
export const agreed = (asked: unknown): string => LEGACY.find((version) => version === asked) ?? (LEGACY[0] as string);
