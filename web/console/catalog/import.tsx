/** Importing onto the map from Backstage, Kubernetes or traces: choose or paste, look at what would change, then import. */
import { Button, FileInput, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { endpoints as catalog, type ImportFormat, type ImportReport } from '#contract/catalog';
import { Hint, LinkButton, Page, ProblemAlert, Section, useCommand } from '../../kit/index.ts';
import classes from './map.module.css';
import { count, kindWords } from './map-model.ts';

const FORMATS: Record<ImportFormat, { label: string; files: string; accept: string }> = {
  backstage: { label: 'Backstage', files: 'catalog-info.yaml, one or many.', accept: '.yaml,.yml,text/yaml' },
  kubernetes: {
    label: 'Kubernetes',
    files: 'Manifests as they are applied: the output of kustomize build or helm template.',
    accept: '.yaml,.yml,.json,text/yaml,application/json',
  },
  opentelemetry: {
    label: 'Traces',
    files: 'traces_service_graph_request_total, as an OpenTelemetry collector exposes it or as a query answers.',
    accept: '.txt,.prom,.json,text/plain,application/json',
  },
};

export function ImportCatalog() {
  const [format, setFormat] = useState<ImportFormat>('backstage');
  const [typed, setSource] = useState<string>();
  const source = typed ?? format;
  const [pasted, setPasted] = useState('');
  const [files, setFiles] = useState<{ name: string; text: string }[]>([]);
  const preview = useCommand(catalog.previewImport, { problems: 'inline' });
  const save = useCommand(catalog.importCatalog, { done: 'Imported', problems: 'inline' });
  const all = [...files, ...(pasted.trim() ? [{ name: 'pasted', text: pasted }] : [])];
  const body = { source: source.trim() || format, format, files: all };
  const stale = () => {
    preview.reset();
    save.reset();
  };
  const report = save.data ?? preview.data;
  return (
    <Page
      title="Import"
      width="narrow"
      crumbs={[{ label: 'Map', to: '/map' }]}
      subtitle="From Backstage files, Kubernetes manifests or traces. What you changed by hand here stays."
    >
      <Section title="Files">
        <div className={classes.drop}>
          <SegmentedControl
            aria-label="Format"
            value={format}
            onChange={(next) => {
              stale();
              setFormat(next as ImportFormat);
            }}
            data={Object.entries(FORMATS).map(([value, { label }]) => ({ value, label }))}
          />
          <FileInput
            label="Files"
            description={FORMATS[format].files}
            placeholder="Choose files"
            multiple
            clearable
            accept={FORMATS[format].accept}
            onChange={(chosen) => {
              stale();
              void Promise.all(chosen.map(async (file) => ({ name: file.name, text: await file.text() }))).then(
                setFiles,
              );
            }}
          />
          <Textarea
            label="Or paste"
            autosize
            minRows={4}
            maxRows={14}
            value={pasted}
            onChange={(event) => {
              stale();
              setPasted(event.currentTarget.value);
            }}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
          />
          <TextInput
            label="Source"
            description="Tells these files from others: a repository, a cluster. Use the same name when you import them again."
            maxLength={200}
            value={source}
            onChange={(event) => {
              stale();
              setSource(event.currentTarget.value);
            }}
          />
          <ProblemAlert error={preview.error ?? save.error} />
          <div className={classes.pair}>
            <Button
              variant={preview.data ? 'default' : 'filled'}
              disabled={all.length === 0}
              loading={preview.isPending}
              onClick={() => preview.mutate({ body })}
            >
              Show what would change
            </Button>
            {preview.data && !save.data && (
              <Button
                disabled={preview.data.add.length + preview.data.change.length === 0}
                loading={save.isPending}
                onClick={() => save.mutate({ body })}
              >
                Import
              </Button>
            )}
            {save.data && <LinkButton to="/map">See the map</LinkButton>}
          </div>
        </div>
      </Section>
      {report && <Report report={report} />}
    </Page>
  );
}

function Report({ report }: { report: ImportReport }) {
  const { add, change, kept, same, gone, dangling, problems, applied } = report;
  return (
    <div aria-live="polite" className={classes.drop}>
      <Hint tone={dangling.length + problems.length > 0 ? 'notice' : 'ok'}>
        {applied ? 'Imported: ' : 'Would import: '}
        {add.length} new, {change.length} changed, {same} the same; {count(dangling.length, 'dangling reference')}.
      </Hint>
      <Part
        title="Leads nowhere"
        items={dangling.map((one) => `${one.from}: ${one.role} → ${one.ref} (${one.file})`)}
      />
      <Part title="Not read" items={problems.map((one) => `${one.file}: ${one.message}`)} />
      <Part title="New" items={add.map((one) => `${one.name} (${kindWords[one.kind].toLowerCase()})`)} />
      <Part title="Changed" items={change.flatMap((one) => one.fields.map((field) => difference(one.name, field)))} />
      <Part
        title="Changed by hand here, left alone"
        items={kept.flatMap((one) => one.fields.map((field) => difference(one.name, field)))}
      />
      <Part title="No longer in the files, left alone" items={gone.map((one) => one.name)} />
    </div>
  );
}

const difference = (name: string, { field, from, to }: { field: string; from: string; to: string }): string =>
  `${name}: ${field} ${from || 'nothing'} → ${to || 'nothing'}`;

const Part = ({ title, items }: { title: string; items: string[] }) =>
  items.length === 0 ? null : (
    <Section title={title}>
      <ul className={classes.report}>
        {items.slice(0, 200).map((item) => (
          <li key={item}>{item}</li>
        ))}
        {items.length > 200 && <li>… and {items.length - 200} more</li>}
      </ul>
    </Section>
  );
