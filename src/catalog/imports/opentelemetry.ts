/**
 * Reads service graph metrics of OpenTelemetry (the collector's servicegraph connector, Tempo, Alloy): who called whom. Either
 * the text a collector exposes, or the JSON answer of a Prometheus query for `traces_service_graph_request_total`. Pure.
 */
import { asSlug, type CatalogFile, type ReadCatalog, type ReadNode, record, text } from './documents.ts';

const METRIC = /(^|_)service_graph_request(_count|_total)?$/;
const LINE = /^([a-zA-Z_:][\w:]*)\{(.*)\}\s+(\S+)(?:\s+\S+)?\s*$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"\s*,?\s*/y;
/** Who calls from outside: not a part of the map. */
const OUTSIDE = new Set(['user', 'unknown', 'client', '']);

interface Call {
  client: string;
  server: string;
  /** `database`, `messaging_system`, `virtual_node` or nothing. */
  type: string;
  calls: number;
}

const callOf = (labels: Record<string, unknown>, value: unknown): Call => ({
  client: text(labels.client),
  server: text(labels.server),
  type: text(labels.connection_type),
  calls: Number(value),
});

function labelsOf(inner: string): Record<string, string> | undefined {
  const labels: Record<string, string> = Object.create(null) as Record<string, string>;
  LABEL.lastIndex = 0;
  for (let at = 0; at < inner.length; at = LABEL.lastIndex) {
    LABEL.lastIndex = at;
    const found = LABEL.exec(inner);
    if (!found) return undefined;
    labels[found[1]!] = found[2]!.replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one));
  }
  return labels;
}

/** Lines of the exposition format; comments and other metrics are passed over. */
function fromText({ name: file, text: source }: CatalogFile, found: ReadCatalog): Call[] {
  return source.split('\n').flatMap((line, n) => {
    const parts = LINE.exec(line.trim());
    if (!parts || !METRIC.test(parts[1]!)) return [];
    const labels = labelsOf(parts[2]!);
    if (labels) return [callOf(labels, parts[3])];
    found.problems.push({ file, message: `Line ${n + 1}: the labels cannot be read.` });
    return [];
  });
}

/** The answer of `GET /api/v1/query`: a vector. */
function fromAnswer({ name: file, text: source }: CatalogFile, found: ReadCatalog): Call[] {
  let body: Record<string, unknown>;
  try {
    body = record(JSON.parse(source));
  } catch (error) {
    found.problems.push({ file, message: `Not JSON: ${(error as Error).message}`.slice(0, 300) });
    return [];
  }
  const data = record(body.data);
  if (data.resultType !== 'vector' || !Array.isArray(data.result)) {
    found.problems.push({ file, message: 'Not the answer of a query: data.resultType must be “vector”.' });
    return [];
  }
  return data.result.map((one) => {
    const { metric, value } = record(one);
    return callOf(record(metric), Array.isArray(value) ? value[1] : Number.NaN);
  });
}

const KINDS: Record<string, ReadNode['kind']> = {
  database: 'store',
  messaging_system: 'store',
  virtual_node: 'third_party',
};

/** Reads all files together. Only calls that happened count; whether one is hard or soft no metric knows: hard until somebody says otherwise. */
export function readServiceGraph(files: readonly CatalogFile[]): ReadCatalog {
  const found: ReadCatalog = { nodes: [], dangling: [], problems: [] };
  const nodes = new Map<string, ReadNode>();
  const nodeOf = (name: string, file: string, kind: ReadNode['kind']): ReadNode => {
    const ref = `otel:${name}`.toLowerCase();
    const known = nodes.get(ref);
    // Who calls is a service, whatever it looked like from elsewhere.
    if (known && (kind === 'service' || known.kind === 'service')) known.kind = 'service';
    if (known) return known;
    const made = { ref, file, kind, slug: asSlug(name), name: name.slice(0, 120), dependsOn: new Map() } as ReadNode;
    nodes.set(ref, made);
    return made;
  };
  for (const file of files) {
    const calls = /^\s*\{\s*"/.test(file.text) ? fromAnswer(file, found) : fromText(file, found);
    if (calls.length === 0 && !found.problems.some((one) => one.file === file.name))
      found.problems.push({ file: file.name, message: 'No traces_service_graph_request_total in it.' });
    for (const { client, server, type, calls: many } of calls) {
      if (!(many > 0) || OUTSIDE.has(server.toLowerCase())) continue;
      const to = nodeOf(server, file.name, KINDS[type] ?? 'service');
      if (OUTSIDE.has(client.toLowerCase())) continue;
      const from = nodeOf(client, file.name, 'service');
      if (from !== to) from.dependsOn.set(to.ref, 'hard');
    }
  }
  found.nodes = [...nodes.values()];
  return found;
}
