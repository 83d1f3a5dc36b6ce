/** The version that a caller has seen of what it changes. */

/** From `If-Match`; undefined when the caller does not say, -1 (which fits nothing) when it is not one of ours. */
export function seenVersion(request: { headers: Record<string, string | string[] | undefined> }): number | undefined {
  const header = request.headers['if-match'];
  if (typeof header !== 'string' || header.trim() === '*') return undefined;
  const found = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim());
  return found ? Number(found[1]) : -1;
}
