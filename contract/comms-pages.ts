/** Further status pages: other components, other readers, another name and address. Part of `comms.ts`. */
import { z } from 'zod';
import { endpoint, id, instant } from './core.ts';

const colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'a colour as #rrggbb');
const fields = {
  /** Part of its address: `/status/p/<slug>`. */
  slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'small letters, digits and hyphens'),
  name: z.string().trim().min(1).max(80),
  about: z.string().trim().max(300),
  supportContact: z.string().trim().max(200),
  accent: colour,
  accentDark: z.union([z.literal(''), colour]),
  /** A PNG in base64, at most 15 kB and 1000 pixels a side; null takes it away. */
  logo: z.string().max(30_000).nullable(),
  language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'a language such as “en”'),
  languages: z.array(z.string().regex(/^[a-z]{2}$/)).max(20),
  /** `public`: anybody; `signed_in`: people with an account here; `token`: whoever has the link with its token. */
  audience: z.enum(['public', 'signed_in', 'token']),
  /** A host name of its own, such as `status.example.com`, that leads to this installation. */
  host: z
    .string()
    .trim()
    .toLowerCase()
    .regex(
      /^(?=.{4,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/,
      'a host name',
    )
    .nullable(),
  /** Components it shows; also ones that are hidden from the page everybody sees. */
  componentIds: z.array(id('cmp')).min(1).max(200),
};

export const statusPage = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  about: z.string(),
  supportContact: z.string(),
  accent: z.string(),
  accentDark: z.string(),
  hasLogo: z.boolean(),
  language: z.string(),
  languages: z.array(z.string()),
  audience: fields.audience,
  host: z.string().nullable(),
  componentIds: z.array(z.string()),
  url: z.string(),
  createdAt: instant,
});
export type StatusPageView = z.infer<typeof statusPage>;

const made = z.object({
  page: statusPage,
  /** The link with the token, shown this once; null for other audiences. */
  link: z.string().nullable(),
});
const one = z.strictObject({ id: id('spg') });

export const pageEndpoints = {
  listPages: endpoint({
    id: 'comms.listPages',
    method: 'GET',
    path: '/api/v1/status-page/pages',
    summary: 'Status pages beside the one everybody sees',
    access: 'read',
    response: z.object({ items: z.array(statusPage) }),
  }),
  createPage: endpoint({
    id: 'comms.createPage',
    method: 'POST',
    path: '/api/v1/status-page/pages',
    summary: 'Make a further status page: for other components, other readers or another host name',
    access: 'comms.createPage',
    body: z.strictObject({
      ...fields,
      about: fields.about.default(''),
      supportContact: fields.supportContact.default(''),
      accent: fields.accent.default('#0e7c7b'),
      accentDark: fields.accentDark.default(''),
      logo: fields.logo.default(null),
      language: fields.language.default('en'),
      languages: fields.languages.default([]),
      audience: fields.audience.default('public'),
      host: fields.host.default(null),
    }),
    response: made,
    status: 201,
  }),
  savePage: endpoint({
    id: 'comms.savePage',
    method: 'PATCH',
    path: '/api/v1/status-page/pages/:id',
    summary: 'Change a further status page; `newToken` makes the links that were given out before useless',
    access: 'comms.savePage',
    params: one,
    body: z.strictObject({ ...fields, newToken: z.boolean() }).partial(),
    response: made,
  }),
  removePage: endpoint({
    id: 'comms.removePage',
    method: 'DELETE',
    path: '/api/v1/status-page/pages/:id',
    summary: 'Take a further status page away',
    access: 'comms.removePage',
    params: one,
    response: z.undefined(),
    status: 204,
  }),
};
