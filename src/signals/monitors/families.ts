/** THE list of kinds of monitors. Adding one is a folder and a line here. */
import { browser } from './browser/index.ts';
import { dns } from './dns/index.ts';
import type { MonitorKind } from './family.ts';
import { http } from './http/index.ts';
import { icmp } from './icmp/index.ts';
import { journey } from './journey/index.ts';
import { promql } from './promql/index.ts';
import { sql } from './sql/index.ts';
import { tcp } from './tcp/index.ts';

export const kinds = [http, tcp, dns, icmp, journey, browser, promql, sql] as unknown as MonitorKind[];

export const kindOf = (kind: string): MonitorKind | undefined => kinds.find((one) => one.kind === kind);
