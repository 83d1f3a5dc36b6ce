/** A kind of place that a copy of the site can stand in. One file per kind; adding one edits nothing else but the list. */
import type { Ctx } from '#kernel';
import type { CopyConfig } from '../../tables.ts';

export interface Target<K extends CopyConfig['kind'] = CopyConfig['kind']> {
  id: string;
  config: Extract<CopyConfig, { kind: K }>;
  secret: string | undefined;
}

export interface Change {
  /** Path below the copy's root → content. The front page comes last. */
  write: Map<string, string>;
  remove: string[];
  /** Every path that should stand there afterwards. */
  all: Set<string>;
}

export interface Place<K extends CopyConfig['kind'] = CopyConfig['kind']> {
  kind: K;
  /** When somebody enters it; throws 422. */
  check(config: Target<K>['config'], secret: string | undefined): void;
  /** The site's files as this place wants them called. */
  named?(path: string): string;
  /** Writes and removes; may be repeated. Throws with words for people. */
  push(ctx: Ctx, target: Target<K>, change: Change): Promise<void>;
  /** A file as it stands there now. Throws with words for people. */
  read(ctx: Ctx, target: Target<K>, path: string): Promise<string>;
}

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  rss: 'application/rss+xml; charset=utf-8',
  ics: 'text/calendar; charset=utf-8',
  svg: 'image/svg+xml',
};
/** Media type by the ending; what has none is a page. */
export const typeOf = (path: string): string =>
  TYPES[/\.([a-z]+)$/.exec(path)?.[1] ?? 'html'] ?? 'application/octet-stream';
