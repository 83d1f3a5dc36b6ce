/** `evenkeel import-catalog <path>`: Backstage catalogue files of a folder onto the map; a dry run unless --apply is given. */
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ImportReport } from '#contract/catalog';
import { Problem } from '#kernel';
import { call } from './import.ts';
import { say, sayJson } from './say.ts';

export interface ImportCatalogOptions {
  source: string;
  apply?: boolean;
  json?: boolean;
}

/** The API takes requests of a megabyte; escaping makes text longer. */
const MOST_CHARACTERS = 700_000;

/** A file, or the *.yaml of a folder and its subfolders, without `node_modules` and `.git`. Links are not followed. */
export function catalogFilesAt(path: string): { name: string; text: string }[] {
  const paths = statSync(path).isFile()
    ? [path]
    : readdirSync(path, { recursive: true, withFileTypes: true })
        .filter(
          (entry) => /\.ya?ml$/i.test(entry.name) && !/(^|[\\/])(node_modules|\.git)([\\/]|$)/.test(entry.parentPath),
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
    .filter(({ text }) => text.includes('backstage.io/'));
  const refuse = (title: string, detail: string) => new Problem(422, title, { rule: 'catalog.import_files', detail });
  if (files.length === 0)
    throw refuse(`${path} has no Backstage entities`, 'They are YAML with apiVersion backstage.io/….');
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
export async function importCatalogCommand(path: string, { source, apply, json }: ImportCatalogOptions): Promise<void> {
  const body = { source, files: catalogFilesAt(path) };
  const report = await call<ImportReport>('POST', `/api/v1/catalog-imports${apply ? '' : '/preview'}`, body);
  const open = report.dangling.length + report.problems.length > 0;
  process.exitCode = open ? 3 : !apply && report.add.length + report.change.length > 0 ? 2 : 0;
  if (json) return sayJson({ ok: process.exitCode === 0, ...report });
  say(reportText(report));
  if (!apply) say('\nTo carry it over, run the same again with --apply.');
}
