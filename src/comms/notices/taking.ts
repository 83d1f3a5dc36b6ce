/** Taking a notice from somebody who holds a key: kept beside the files and shown before it is answered. Needs no database. */
import { showNotices } from '../statuspage/files.ts';
import { keepNotice } from './folder.ts';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `text`: a signed notice in JSON. Throws a Problem (403) unless it is one, by a key this folder knows. */
export async function takeNotice(text: string, dir: string): Promise<{ id: string }> {
  const { id } = await keepNotice(parsed(text), dir);
  await showNotices(dir);
  return { id };
}
