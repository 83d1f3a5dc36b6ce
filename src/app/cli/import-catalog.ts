/** `evenkeel import-catalog <path>`: Backstage files, Kubernetes manifests or service graph metrics of a folder onto the map; a dry run unless --apply is given. */
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ImportFormat, ImportReport } from '#contract/catalog';
import { Problem } from '#kernel';
import { call } from './import.ts';
import { say, sayJson } from './say.ts';

export interface ImportCatalogOptions {
  format: ImportFormat;
  /** The format's name when absent. */
  source?: string;
  apply?: boolean;
  json?: boolean;
}

/** The API takes requests of a megabyte; escaping makes text longer. */
const MOST_CHARACTERS = 700_000;

/** How files of a format look: their names, what they say, and what to tell whoever has none. */
const LOOKS: Record<ImportFormat, { name: RegExp; says: RegExp; none: [string, string] }> = {
  backstage: {
    name: /\.ya?ml$/i,
    says: /backstage\.io\//,
    none: ['no Backstage entities', 'They are YAML with apiVersion backstage.io/….'],
  },
  kubernetes: {
    name: /\.(ya?ml|json)$/i,
    says: /\bkind"?\s*:\s*"?(Deployment|StatefulSet|DaemonSet|CronJob|Rollout|Service|ConfigMap|List)\b/,
    none: [
      'no Kubernetes workloads',
      'They are YAML of kind Deployment, StatefulSet, DaemonSet or CronJob. Render charts first: helm template, kustomize build.',
    ],
  },
  opentelemetry: {
    name: /\.(txt|prom|json|metrics)$/i,
    says: /service_graph_request|"resultType"/,
    none: [
      'no service graph metrics',
      'Save what a collector exposes, or the answer of a query for traces_service_graph_request_total.',
    ],
  },
};

/** A file, or the files of that format in a folder and its subfolders, without `node_modules` and `.git`. Links are not followed. */
export function catalogFilesAt(path: string, format: ImportFormat = 'backstage'): { name: string; text: string }[] {
  const looks = LOOKS[format];
  const paths = statSync(path).isFile()
    ? [path]
    : readdirSync(path, { recursive: true, withFileTypes: true })
        .filter(
          (entry) => looks.name.test(entry.name) && !/(^|[\\/])(node_modules|\.git)([\\/]|$)/.test(entry.parentPath),
        )
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => lstatSync(file).isFile())
        .sort();
  const files = paths
    .map((file) => ({
      name: (file === path ? basename(file) : file.slice(path.length).replace(/^[\\/]/, '')).slice(0, 300),
      text: readFileSync(file, 'utf8'),
    }))
    // A repository holds other YAML too; what is no entity is not sent.
    .filter(({ text }) => looks.says.test(text));
  const refuse = (title: string, detail: string) => new Problem(422, title, { rule: 'catalog.import_files', detail });
  if (files.length === 0) throw refuse(`${path} has ${looks.none[0]}`, looks.none[1]);
  if (files.length > 500 || files.reduce((sum, { text }) => sum + text.length, 0) > MOST_CHARACTERS)
    throw refuse(
      'These files are too large for one import',
      'At most 500 files and 700,000 characters; import folder by folder, each with its own --source.',
    );
  return files;
}

const lines = (title: string, items: string[]): string[] =>
  items.length === 0 ? [] : ['', `${title}:`, ...items.map((item) => `  ${item}`)];

/** What the import did or would do, for reading. */
export function reportText({ add, change, kept, same, gone, dangling, problems, applied }: ImportReport): string {
  const fields = (list: ImportReport['change']) =>
    list.flatMap(({ name, fields }) =>
      fields.map(({ field, from, to }) => `${name}: ${field} ${from || '–'} → ${to || '–'}`),
    );
  return [
    `${applied ? 'Imported' : 'A dry run, nothing is changed'}: ${add.length} new, ${change.length} changed, ${same} the same.`,
    ...lines(
      'Leads nowhere',
      dangling.map(({ from, role, ref, file }) => `${from}: ${role} → ${ref} (${file})`),
    ),
    ...lines(
      'Not read',
      problems.map(({ file, message }) => `${file}: ${message}`),
    ),
    ...lines(
      'New',
      add.map(({ name, kind }) => `${name} (${kind})`),
    ),
    ...lines('Changed', fields(change)),
    ...lines('Changed by hand, left alone', fields(kept)),
    ...lines(
      'No longer in the files, left alone',
      gone.map(({ name }) => name),
    ),
  ].join('\n');
}

/** Exit: 0 nothing is left to do, 2 a dry run that would change something, 3 references that lead nowhere or files not read. */
export async function importCatalogCommand(path: string, options: ImportCatalogOptions): Promise<void> {
  const { format, source = format, apply, json } = options;
  const body = { source, format, files: catalogFilesAt(path, format) };
  const report = await call<ImportReport>('POST', `/api/v1/catalog-imports${apply ? '' : '/preview'}`, body);
  const open = report.dangling.length + report.problems.length > 0;
  process.exitCode = open ? 3 : !apply && report.add.length + report.change.length > 0 ? 2 : 0;
  if (json) return sayJson({ ok: process.exitCode === 0, ...report });
  say(reportText(report));
  if (!apply) say('\nTo carry it over, run the same again with --apply.');
}
