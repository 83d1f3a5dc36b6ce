/** `${{ inputs.cluster }}` in a playbook's values, filled in from named data only. Pure. */
import { invalid } from '#kernel';

const place = /\$\{\{\s*([A-Za-z_][\w.]{0,200})\s*\}\}/g;

/**
 * Fills in the places of every text in a value. A text that is one single place keeps the type of what stands there.
 * Values are never read as templates again. Throws 422 `playbooks.template` for a name that has no value.
 */
export function fill(value: unknown, data: Record<string, unknown>): unknown {
  if (typeof value === 'string') return fillText(value, data);
  if (Array.isArray(value)) return value.map((one) => fill(one, data));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one, data)]));
  }
  return value;
}

/** Like {@link fill} for a text that must stay a text. */
export function fillText(text: string, data: Record<string, unknown>): string {
  const single = /^\$\{\{\s*([A-Za-z_][\w.]{0,200})\s*\}\}$/.exec(text);
  if (single) return lookUp(single[1]!, data) as string;
  return text.replace(place, (_all, name: string) => {
    const found = lookUp(name, data);
    return typeof found === 'object' ? JSON.stringify(found) : String(found);
  });
}

function lookUp(name: string, data: Record<string, unknown>): unknown {
  let here: unknown = data;
  for (const key of name.split('.')) {
    if (here === null || typeof here !== 'object' || !Object.hasOwn(here, key)) {
      throw invalid(`"${name}" in the playbook has no value here`, 'playbooks.template', [
        { path: name, message: 'no value' },
      ]);
    }
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}
