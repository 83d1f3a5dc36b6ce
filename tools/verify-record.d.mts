/** What the stand-alone verifier offers to code. */
export interface Head {
  statement: string;
  signature: string;
  key: string;
}
export interface Found {
  ok: boolean;
  kind: 'bundle' | 'audit';
  about: string;
  entries: number;
  anchors: number;
  problems: string[];
  notes: string[];
}
interface Options {
  anchors?: Head[];
  key?: string | undefined;
}
export function canonical(value: unknown): string;
export function verifyBundle(archive: Buffer, options?: Options): Found;
export function verifyAudit(file: string, options?: Options): Found;
export function readAnchors(path: string): Head[];
export function verifyFile(path: string, options?: Options): Found;
export function main(args: string[]): number;
