import type { Concept, Entry, Measure, Quantity, Range } from '@/lib/api/record';
import type { TFunction } from '@/lib/i18n';
import { clockOf, conceptWords, dayOf } from './said';

const COMPARATORS: Record<string, string> = { '<=': '≤', '>=': '≥' };

const joined = (parts: (string | number | undefined)[], by = ' ') => parts.filter((part) => part !== undefined && part !== '').join(by);

const quantityWords = ({ comparator = '', value, unit, code }: Quantity) => joined([COMPARATORS[comparator] ?? comparator, value, unit ?? code]);

/** From one value to another; of a range that is open on one side, on which. */
function rangeWords({ low, high }: Range): string {
  const unit = high?.unit ?? low?.unit;
  if (low?.value !== undefined && high?.value !== undefined) return joined([`${low.value}–${high.value}`, unit]);
  return joined([low?.value === undefined ? undefined : `≥ ${low.value}`, high?.value === undefined ? undefined : `≤ ${high.value}`, unit]);
}

const momentWords = (moment: string) => joined([dayOf(moment), clockOf(moment)]);

type Forms = Required<Measure>;

/** How each form of a value is read (R4 Observation.value[x]). */
const FORMS: { [Form in keyof Forms]: (value: Forms[Form], t: TFunction) => string } = {
  valueQuantity: quantityWords,
  valueString: (text) => text,
  valueCodeableConcept: (concept: Concept) => conceptWords(concept),
  valueRange: rangeWords,
  valueRatio: ({ numerator, denominator }) => joined([numerator && quantityWords(numerator), denominator && quantityWords(denominator)], ' : '),
  valueBoolean: (is, t) => t(`patients.value.${is ? 'yes' : 'no'}`),
  valueInteger: String,
  valueTime: (time) => time,
  valueDateTime: momentWords,
  valuePeriod: ({ start = '', end = '' }) => joined([momentWords(start), momentWords(end)], ' – '),
  valueSampledData: (_, t) => t('patients.value.curve'),
  dataAbsentReason: (reason: Concept) => conceptWords(reason),
};

function read<Form extends keyof Forms>(t: TFunction, measure: Partial<Forms>, form: Form): string {
  const value: Forms[Form] | undefined = measure[form];
  return value === undefined ? '' : FORMS[form](value, t);
}

const FORM_NAMES = Object.keys(FORMS) as (keyof Forms)[];
const ownValueOf = (t: TFunction, measure: Measure) => FORM_NAMES.map((form) => read(t, measure, form)).find(Boolean) ?? '';

/** What was measured, with its unit; of something with parts (a blood pressure) each part by its name. */
export function valueOf(t: TFunction, entry: Pick<Entry, 'component' | keyof Measure>): string {
  const parts = (entry.component ?? []).map((part) => joined([conceptWords(part.code), ownValueOf(t, part)]));
  return joined([ownValueOf(t, entry), ...parts], ' · ');
}

export function rangeOf({ referenceRange: [range] = [] }: Entry): string {
  return range ? (range.text ?? rangeWords(range)) : '';
}

/** Whether a result is out of its range, and to which side, as the laboratory says. */
export function flagOf({ interpretation: [said] = [] }: Entry): 'high' | 'low' | 'abnormal' | null {
  const code = said?.coding?.[0]?.code ?? '';
  if (code.startsWith('H')) return 'high';
  if (code.startsWith('L')) return 'low';
  return code.startsWith('A') ? 'abnormal' : null;
}
