/** Every format the map can be imported from. A new one is a reader and a line here. */
import type { ImportFormat } from '#contract/catalog-map';
import { readCatalog } from './backstage.ts';
import type { CatalogFile, ReadCatalog } from './documents.ts';
import { readManifests } from './kubernetes.ts';
import { readServiceGraph } from './opentelemetry.ts';

export type { ImportFormat };

const READERS: Record<ImportFormat, (files: readonly CatalogFile[]) => ReadCatalog> = {
  backstage: readCatalog,
  kubernetes: readManifests,
  opentelemetry: readServiceGraph,
};

/** What the files say, read as this format. */
export const readAs = (format: ImportFormat, files: readonly CatalogFile[]): ReadCatalog => READERS[format](files);
