/** Every pager one can move from. A new one is a folder and a line here; nothing else changes but the list of names in `model.ts`. */
import type { VendorName } from '../model.ts';
import { goalert } from './goalert/index.ts';
import { oncall } from './oncall/index.ts';
import { opsgenie } from './opsgenie/index.ts';
import { pagerduty } from './pagerduty/index.ts';
import { statuspage } from './statuspage/index.ts';
import type { Vendor } from './vendor.ts';

export const vendors: Vendor[] = [pagerduty, opsgenie, oncall, goalert, statuspage];

export const vendorByName = (name: VendorName): Vendor => {
  const found = vendors.find((vendor) => vendor.name === name);
  if (!found) throw new Error(`no vendor ${name}`);
  return found;
};
