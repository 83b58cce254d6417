import { type TFunction } from '@/lib/i18n';
import type { MeasuredValue, Measurement, Quantity } from '@/lib/api/measurements';
import type { Measured } from './measuring';

const UNIT_SIGNS: Record<string, string> = { mm: 'mm', mm2: 'mm²', deg: '°', "[hnsf'U]": 'HU', '{pixels}': 'px', '{pixels2}': 'px²', '1': '' };
const DIGITS: Partial<Record<Quantity, number>> = { length: 1, short_axis: 1, angle: 1, area: 1, mean: 1, deviation: 1 };
const BESIDE: ReadonlySet<Quantity> = new Set(['minimum', 'maximum']);

export const unitSign = (unit: string) => UNIT_SIGNS[unit] ?? unit;

function numberOf({ quantity, value, unit }: MeasuredValue): string {
  const digits = DIGITS[quantity] ?? (Number.isInteger(value) ? 0 : 2);
  const sign = unitSign(unit);
  return `${value.toFixed(digits)}${sign && sign !== '°' ? ' ' : ''}${sign}`;
}

/** What a document says was measured: nothing in it comes from a preview. */
export const asMeasured = ({ values, is_at_detector: isAtDetector }: Measurement): Measured => ({ values, isAtDetector, isPreview: false, isInSlab: false });

/** What stands beside a measurement on the image, and in the list. */
export function linesOf(t: TFunction, { values, isAtDetector, isInSlab }: Measured): string[] {
  const said = values
    .filter(({ quantity }) => !BESIDE.has(quantity))
    .map((one) => (isPlain(one.quantity, values) ? numberOf(one) : `${t(`measure.quantity.${one.quantity}`)} ${numberOf(one)}`));
  if (isInSlab) return [...said, t('measure.inSlab')];
  return isAtDetector && said.length ? [...said, t('measure.atDetector')] : said;
}

/** A value that stands alone needs no name: a length is seen to be one. */
const isPlain = (quantity: Quantity, values: MeasuredValue[]) =>
  values.length === 1 || (quantity === 'length' && !values.some((one) => one.quantity === 'short_axis'));
