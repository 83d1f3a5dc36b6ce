/** Reads Prometheus remote write 1.0 (`prometheus.WriteRequest`): labels and samples; metadata, exemplars and histograms are passed over. */
import protobuf from 'protobufjs/minimal.js';
import type { Sample, SeriesIn } from './model.ts';
import { SamplesError } from './snappy.ts';

type Reader = InstanceType<typeof protobuf.Reader>;

export const MOST_SERIES = 20_000;
export const MOST_SAMPLES = 100_000;
/** A series with more labels, or longer ones, is nobody's idea of a metric; it is passed over and counted. */
const LABELS = { many: 64, name: 200, value: 1024 };

export interface WriteRequest {
  series: SeriesIn[];
  samples: number;
  /** Series that were passed over because their labels are too many, too long or not in order. */
  unfit: number;
}

/** One field at a time: its number and wire type; groups, which nobody sends, are refused. */
function* fields(reader: Reader, end: number): Generator<{ field: number; wire: number }> {
  while (reader.pos < end) {
    const tag = reader.uint32();
    yield { field: tag >>> 3, wire: tag & 7 };
  }
  if (reader.pos !== end) throw new SamplesError('the body is not a write request');
}

function skip(reader: Reader, wire: number): void {
  if (wire === 3 || wire === 4 || wire > 5) throw new SamplesError('the body is not a write request');
  reader.skipType(wire);
}

/** Length-delimited content: where it ends. */
function endOf(reader: Reader, wire: number): number {
  if (wire !== 2) throw new SamplesError('the body is not a write request');
  const length = reader.uint32();
  if (length > reader.len - reader.pos) throw new SamplesError('the body is cut in the middle');
  return reader.pos + length;
}

function label(reader: Reader, end: number): [string, string] {
  const pair: [string, string] = ['', ''];
  for (const { field, wire } of fields(reader, end)) {
    if ((field === 1 || field === 2) && wire === 2) pair[field - 1] = reader.string();
    else skip(reader, wire);
  }
  return pair;
}

function sample(reader: Reader, end: number): Sample {
  const found: Sample = { at: 0, value: 0 };
  for (const { field, wire } of fields(reader, end)) {
    if (field === 1 && wire === 1) found.value = reader.double();
    else if (field === 2 && wire === 0) found.at = Number(reader.int64());
    else skip(reader, wire);
  }
  return found;
}

function timeSeries(reader: Reader, end: number): { series: SeriesIn; fit: boolean } {
  const series: SeriesIn = { labels: Object.create(null) as Record<string, string>, samples: [] };
  let [many, fit] = [0, true];
  for (const { field, wire } of fields(reader, end)) {
    if (field === 1) {
      const [name, value] = label(reader, endOf(reader, wire));
      fit &&= ++many <= LABELS.many && name !== '' && name.length <= LABELS.name && value.length <= LABELS.value;
      fit &&= !name.includes('\0') && !value.includes('\0') && !(name in series.labels);
      if (fit && value !== '') series.labels[name] = value;
    } else if (field === 2) series.samples.push(sample(reader, endOf(reader, wire)));
    else skip(reader, wire);
  }
  return { series, fit: fit && typeof series.labels.__name__ === 'string' };
}

/**
 * Everything in a write request. Gives others a turn every few hundred series, so that a large body holds nobody up.
 * @throws SamplesError when it cannot be read, or holds more than `MOST_SERIES` or `MOST_SAMPLES`
 */
export async function readWrite(bytes: Uint8Array): Promise<WriteRequest> {
  const reader = protobuf.Reader.create(bytes);
  const found: WriteRequest = { series: [], samples: 0, unfit: 0 };
  let seen = 0;
  try {
    for (const { field, wire } of fields(reader, reader.len)) {
      if (field !== 1) {
        skip(reader, wire);
        continue;
      }
      const { series, fit } = timeSeries(reader, endOf(reader, wire));
      found.samples += series.samples.length;
      if (fit) found.series.push(series);
      else found.unfit += 1;
      if (++seen > MOST_SERIES || found.samples > MOST_SAMPLES)
        throw new SamplesError(`at most ${MOST_SERIES} series and ${MOST_SAMPLES} samples in one request`, 413);
      if (seen % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  } catch (error) {
    if (error instanceof SamplesError) throw error;
    throw new SamplesError('the body is not a write request');
  }
  return found;
}
