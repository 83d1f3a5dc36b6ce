/** How far an incident reaches, as a person types it: the same in the war room's composer and in a chat. Pure. */

export interface SpokenImpact {
  customers?: number;
  /** Share of requests, 0 to 100. */
  pctRequests?: number;
  /** How it was counted. */
  method?: string;
}

/**
 * `1200 customers 40% gateway log`: a number with a per cent sign is a share of requests, another one is customers, what is
 * left says how it was counted. Null when there is no number.
 */
export function readImpact(said: string): SpokenImpact | null {
  const share = /(\d{1,3}(?:\.\d+)?)\s?%/.exec(said);
  const rest = share ? said.replace(share[0], ' ') : said;
  const count = /(?:^|\s)(\d[\d,_ ]*)(?:\s*(?:customers?|users?))?(?=\s|$)/i.exec(rest);
  if (!count && !share) return null;
  const method = (count ? rest.replace(count[0], ' ') : rest).replace(/of requests/i, '').trim();
  return {
    ...(count && { customers: Number(count[1]!.replaceAll(/[,_ ]/g, '')) }),
    ...(share && { pctRequests: Math.min(100, Number(share[1])) }),
    ...(method && { method: method.replaceAll(/\s+/g, ' ') }),
  };
}
