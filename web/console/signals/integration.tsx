/** One source: whether it is heard, what of it was refused and why, and how its posts are read. */
import { endpoints as signals } from '#contract/signals';
import {
  Ago,
  CopyBlock,
  EmptyState,
  Facts,
  Hint,
  Loaded,
  Page,
  Section,
  TextLink,
  usePageParams,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { pretty } from './alert-item.tsx';
import { Health, TestButton } from './integration-card.tsx';
import { MappingEditor } from './mapping.tsx';
import classes from './signals.module.css';

export function OneIntegration() {
  const { id } = usePageParams<'id'>();
  const list = useQueryOf(signals.listIntegrations);
  return (
    <Loaded query={list} lines={6}>
      {({ items }) => {
        const integration = items.find((one) => one.id === id);
        if (!integration)
          return <EmptyState title="There is no such integration">It may have been removed.</EmptyState>;
        const mapped = integration.kind === 'generic';
        return (
          <Page
            title={integration.name}
            subtitle={integration.kindTitle}
            crumbs={[{ label: 'Integrations', to: '/settings/integrations' }]}
            badges={<Health integration={integration} />}
            actions={<TestButton integration={integration} />}
            width="wide"
          >
            <Section title="Health">
              <Facts
                items={[
                  { label: 'Last heard', value: <Ago at={integration.lastHeardAt} none="never" /> },
                  { label: 'Posts in 24 hours', value: integration.signalsLastDay },
                  { label: 'Could not be read, in all', value: integration.garbageCount },
                  { label: 'Refused while switched off', value: integration.droppedCount },
                  { label: 'Service', value: integration.service?.name ?? 'by labels only' },
                ]}
              />
            </Section>
            {integration.garbage && (
              <Hint tone="warn" title="It sends what cannot be read.">
                {integration.garbage.reason.replace(/\.$/, '')}. <Ago at={integration.garbage.at} />. What is not read
                pages nobody.
              </Hint>
            )}
            {integration.garbage && <Refused id={id} />}
            {mapped && <MappingEditor key={integration.version} integration={integration} />}
            {!integration.garbage && <Refused id={id} />}
          </Page>
        );
      }}
    </Loaded>
  );
}

/** The newest posts that could not be read, kept for a day. Wrong signatures are counted and not kept. */
function Refused({ id }: { id: string }) {
  const posts = useQueryOf(signals.listPosts, { params: { id }, query: { state: 'rejected' } });
  return (
    <Section
      title="Refused posts"
      description="The newest ten, kept for a day. Of wrong signatures only the reason is kept."
    >
      <Loaded query={posts} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <span className={classes.dim}>None: everything it sent could be read.</span>
          ) : (
            <ul className={classes.refused}>
              {items.map((post, n) => (
                <li key={post.id}>
                  <span className={classes.acts}>
                    <b>{post.reason ?? 'Refused'}</b>
                    <TextLink to={`/signals/${post.id}`}>All of it</TextLink>
                  </span>
                  <span className={classes.dim}>
                    <When at={post.receivedAt} seconds /> · {post.size} bytes
                  </span>
                  {post.beginning !== '' && (
                    <CopyBlock label={`Post ${n + 1} as received`} value={pretty(post.beginning).slice(0, 1500)} />
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}
