/** Which screens an event may change. Pure; the shell gives the map, the kit knows no module. */

/** How events map to what is on the screen. The shell gives it once; the kit knows no module. */
export interface LiveMap {
  /** Modules, bottom to top. What a module shows comes from its own tables and those below. */
  modules: readonly string[];
  /** Prefix of an event's type where it is not the module's name or its singular: `page` -> `people`. */
  prefixes: Readonly<Record<string, string>>;
}

/** The module an event type belongs to; undefined when unknown (then everything counts as changed). */
export function moduleOf(type: string, { modules, prefixes }: LiveMap): string | undefined {
  const prefix = type.split('.')[0]!;
  if (prefixes[prefix]) return prefixes[prefix];
  return modules.find((name) => name === prefix || name === `${prefix}s`);
}

/** The modules whose screens an event of `module` may change: itself and every module above it. */
export function touchedBy(module: string | undefined, { modules }: LiveMap): readonly string[] | 'all' {
  const rank = module === undefined ? -1 : modules.indexOf(module);
  return rank < 0 ? 'all' : modules.slice(rank);
}
