/** The playbooks that ship with the product, as files. */
import { readdirSync, readFileSync } from 'node:fs';
import { projectPath } from '#kernel';

/** Name and source of each, by file name. */
export function libraryPlaybooks(): { file: string; source: string }[] {
  const folder = projectPath('src', 'playbooks', 'library');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => ({
      file,
      source: readFileSync(`${folder}/${file}`, 'utf8'),
    }));
}
