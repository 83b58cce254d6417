import { type DataSet, number, TAG, text } from './json';

const DIGITS = /^\d+/;
const WHOLE = 14;

const digitsOf = (said: string): string => DIGITS.exec(said)?.[0] ?? '';

/** When an image was taken, as YYYYMMDD or YYYYMMDDHHMMSS; of what says nothing of it, when its content was made. */
export function acquiredAtOf(dataset: DataSet): string {
  const moment = text(dataset, TAG.frameAcquisitionDateTime) || text(dataset, TAG.acquisitionDateTime);
  if (moment) return digitsOf(moment).slice(0, WHOLE);
  const [date, time] = text(dataset, TAG.acquisitionDate) ? [TAG.acquisitionDate, TAG.acquisitionTime] : [TAG.contentDate, TAG.contentTime];
  const day = digitsOf(text(dataset, date));
  return day && day + digitsOf(text(dataset, time));
}

/** How thick a slice is; a thickness of 0 says nothing. */
export function thicknessMmOf(dataset: DataSet): number | null {
  return number(dataset, TAG.sliceThickness) || null;
}

/** How many of its frames are to be seen in a second; null where an image does not say. */
export function ratePerSOf(dataset: DataSet): number | null {
  const frameMs = number(dataset, TAG.frameTime) ?? 0;
  const said = [number(dataset, TAG.recommendedDisplayFrameRate), number(dataset, TAG.cineRate), frameMs > 0 ? 1_000 / frameMs : null];
  return said.find((rate) => rate !== null && rate > 0) ?? null;
}
