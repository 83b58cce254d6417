import type { Waveform, WaveformChannel } from '@/lib/api/documents';

/** How signals lie on paper: all of them one below the other, or in the columns of a 12-lead ECG as it is printed. */
export type Layout = 'rows' | 'sixByTwo' | 'threeByFour';

export const LAYOUTS: readonly Layout[] = ['rows', 'sixByTwo', 'threeByFour'];
export const SPEEDS_MM_S = [12.5, 25, 50] as const;
export const GAINS_MM_MV = [5, 10, 20] as const;

/** Where names and the calibration pulse stand, before the signal begins. */
export const MARGIN_MM = 20;
const LEADS = 12;
/** What a row is high: 2.5 mV at the usual gain of 10 mm/mV. */
const ROW_MM = 25;
const FITTED_MM = 20;
const MILLIVOLTS: Record<string, number> = { V: 1000, mV: 1, uV: 0.001, nV: 0.000_001 };

/** A stretch of one signal, and where it lies on the paper. */
export interface Strip {
  channel: WaveformChannel;
  row: number;
  fromS: number;
  toS: number;
}

export interface Sheet {
  strips: Strip[];
  rows: number;
  durationS: number;
  samplingHz: number;
}

export function durationOf({ channels, sampling_hz }: Waveform): number {
  return Math.max(0, ...channels.map(({ samples }) => samples.length)) / sampling_hz;
}

/** Which layouts suit: only twelve leads are printed in columns. */
export function layoutsFor({ channels }: Waveform, isEcg: boolean): readonly Layout[] {
  return isEcg && channels.length === LEADS ? LAYOUTS : ['rows'];
}

/** Lays signals on paper; in columns time goes on from one column to the next, as on a printer. */
export function laidOut(waveform: Waveform, layout: Layout): Sheet {
  const durationS = durationOf(waveform);
  const { channels } = waveform;
  const sheet = { durationS, samplingHz: waveform.sampling_hz };
  if (layout === 'rows') {
    const strips = channels.map((channel, row) => ({ channel, row, fromS: 0, toS: durationS }));
    return { ...sheet, strips, rows: channels.length };
  }
  const rows = layout === 'sixByTwo' ? 6 : 3;
  const columnS = (durationS * rows) / LEADS;
  const strips = channels.map((channel, place) => {
    const column = Math.floor(place / rows);
    return { channel, row: place % rows, fromS: column * columnS, toS: (column + 1) * columnS };
  });
  const rhythm = layout === 'threeByFour' ? rhythmOf(channels) : undefined;
  if (rhythm) strips.push({ channel: rhythm, row: rows, fromS: 0, toS: durationS });
  return { ...sheet, strips, rows: rhythm ? rows + 1 : rows };
}

/** The lead that is printed whole: II, by its name or by its usual place. */
function rhythmOf(channels: WaveformChannel[]): WaveformChannel | undefined {
  return channels.find(({ label }) => leadName(label) === 'II') ?? channels[1];
}

/** The name of a lead as it stands on paper: `Lead aVR (augmented voltage, right)` is `aVR`. */
export function leadName(label: string): string {
  return label.replace(/^lead\s+/i, '').replace(/\s*\(.*\)$/, '');
}

type Range = readonly [number, number];

/** How a signal becomes mm of paper above the middle of its row. */
export interface Scale {
  mmPerUnit: number;
  /** What lies in the middle. */
  middle: number;
  /** The lowest and the highest value, where the signal fills its row; null where mm of paper stand for mV. */
  range: Range | null;
}

export function scaleOf(channel: WaveformChannel, isEcg: boolean, gainMmMv: number): Scale {
  const millivolts = MILLIVOLTS[channel.unit];
  if (isEcg && millivolts) return { mmPerUnit: gainMmMv * millivolts, middle: 0, range: null };
  const range = RANGES.get(channel) ?? rangeOf(channel);
  RANGES.set(channel, range);
  const span = range[1] - range[0];
  return { mmPerUnit: span ? FITTED_MM / span : 0, middle: (range[0] + range[1]) / 2, range };
}

/** A signal of a day has millions of samples: they are looked through once. */
const RANGES = new WeakMap<WaveformChannel, Range>();

function rangeOf({ samples }: WaveformChannel): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const sample of samples) {
    if (sample === null) continue;
    if (sample < low) low = sample;
    if (sample > high) high = sample;
  }
  return low <= high ? [low, high] : [0, 0];
}

export function rowMm(gainMmMv: number, isEcg: boolean): number {
  return isEcg ? Math.max(ROW_MM, gainMmMv * 2.5) : ROW_MM;
}

/**
 * The signal between two moments as points of a line, in mm from its beginning and above the middle of its row; null
 * where it is broken. Where many samples fall on one dot, the lowest and the highest stand for them, so no peak is lost.
 */
export function lineOf(strip: Strip, samplingHz: number, scale: Scale, speedMmS: number, dotMm: number): ([number, number] | null)[] {
  const { samples } = strip.channel;
  const perDot = Math.max(1, Math.floor((dotMm * samplingHz) / speedMmS / 2));
  const first = Math.max(0, Math.floor((strip.fromS * samplingHz) / perDot) * perDot); // the same ones wherever one looks
  const last = Math.min(samples.length, Math.ceil(strip.toS * samplingHz));
  const points: ([number, number] | null)[] = [];
  const add = (at: number) => {
    const sample = samples[at];
    if (sample === null || sample === undefined) points.push(null);
    else points.push([(at / samplingHz - strip.fromS) * speedMmS, (sample - scale.middle) * scale.mmPerUnit]);
  };
  for (let at = first; at < last; at += perDot) extremes(samples, at, Math.min(last, at + perDot)).forEach(add);
  return points;
}

/** Where the samples lie that stand for a run of them, in their order. */
function extremes(samples: readonly (number | null)[], from: number, to: number): number[] {
  if (to - from <= 2) return Array.from({ length: to - from }, (_, step) => from + step);
  let [lowest, highest] = [from, from];
  for (let at = from; at < to; at += 1) {
    const sample = samples[at] ?? null;
    if (sample === null) return [at];
    if (sample < (samples[lowest] ?? Infinity)) lowest = at;
    if (sample > (samples[highest] ?? -Infinity)) highest = at;
  }
  return lowest < highest ? [lowest, highest] : [highest, lowest];
}
