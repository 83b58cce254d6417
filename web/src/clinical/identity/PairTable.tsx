import { type Icon, IconEqual, IconEqualNot, IconMinus, IconTilde } from '@tabler/icons-react';
import type { Pair, Person, Trait, Verdict } from '@/lib/api/identity';
import { saidKeys } from '@/ui/hotkey';
import { type TFunction, useWords } from '@/lib/i18n';
import { shownMoment } from '@/lib/moments';
import styles from './Identity.module.css';
import { shownName, shownSex } from './said';

const SIGNS: Record<Verdict | 'unknown', Icon> = { agrees: IconEqual, similar: IconTilde, differs: IconEqualNot, unknown: IconMinus };

interface Row {
  trait: Trait | null;
  words: string;
  value: (person: Person) => string;
}

const rowsOf = (t: TFunction): Row[] => [
  { trait: 'name', words: t('identity.trait.name'), value: (person) => [person.name, ...person.other_names].filter(Boolean).join(t('identity.comma')) },
  { trait: null, words: t('identity.pinyin'), value: (person) => person.pinyin },
  { trait: 'sex', words: t('identity.trait.sex'), value: (person) => shownSex(t, person.sex) },
  { trait: 'birth_date', words: t('identity.trait.birth_date'), value: (person) => person.birth_date },
  { trait: null, words: t('identity.birthOrder'), value: (person) => (person.birth_order === null ? '' : String(person.birth_order)) },
  { trait: 'resident_id', words: t('identity.trait.resident_id'), value: (person) => person.resident_id },
  { trait: 'number', words: t('identity.trait.number'), value: (person) => person.numbers.map((number) => number.value).join('\n') },
  { trait: 'phone', words: t('identity.trait.phone'), value: (person) => person.phones.join('\n') },
  { trait: 'address', words: t('identity.trait.address'), value: (person) => person.addresses.join('\n') },
  { trait: null, words: t('identity.updated'), value: (person) => shownMoment(person.last_updated) },
];

interface Props {
  pair: Pair;
  elsewhere: [number, number];
  survivorId: string;
  onSurvivor: (id: string) => void;
}

/** Two records side by side; each line says in sign and word how they compare. */
export function PairTable({ pair, elsewhere, survivorId, onSurvivor }: Props) {
  const t = useWords();
  const verdicts = new Map(pair.findings.map(({ trait, verdict }) => [trait, verdict]));
  const sides = [pair.first, pair.second];
  const shown = rowsOf(t).filter((row) => row.trait !== null || sides.some((person) => row.value(person)));
  return (
    <table className={styles.compare}>
      <thead>
        <tr>
          <th scope="col">{t('identity.what.trait')}</th>
          {sides.map((person, place) => (
            <th key={person.id} scope="col" data-stays={person.id === survivorId}>
              <label className={styles.side}>
                <input
                  type="radio"
                  name="survivor"
                  {...saidKeys(String(place + 1))}
                  checked={person.id === survivorId}
                  onChange={() => onSurvivor(person.id)}
                />
                <span>
                  {t(person.id === survivorId ? 'identity.stays' : 'identity.givenUp')} <kbd>{place + 1}</kbd>
                </span>
              </label>
              <Marks person={person} elsewhere={elsewhere[place] ?? 0} />
            </th>
          ))}
          <th scope="col">{t('identity.compared')}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((row) => (
          <Line key={row.words} row={row} sides={sides} verdict={row.trait && (verdicts.get(row.trait) ?? 'unknown')} />
        ))}
      </tbody>
    </table>
  );
}

function Marks({ person, elsewhere }: { person: Person; elsewhere: number }) {
  const t = useWords();
  return (
    <span className={styles.marks}>
      {shownName(t, person)}
      {person.is_provisional && <em>{t('identity.isProvisional')}</em>}
      {elsewhere > 0 && <em>{t('identity.elsewhere', { count: elsewhere })}</em>}
    </span>
  );
}

function Line({ row, sides, verdict }: { row: Row; sides: Person[]; verdict: Verdict | 'unknown' | null }) {
  const t = useWords();
  const Sign = verdict && SIGNS[verdict];
  return (
    <tr data-verdict={verdict ?? undefined}>
      <th scope="row">{row.words}</th>
      {sides.map((person) => (
        <td key={person.id}>{row.value(person) || '–'}</td>
      ))}
      <td className={styles.verdict}>
        {Sign && verdict && (
          <>
            <Sign size={16} stroke={2} aria-hidden /> {t(`identity.verdict.${verdict}`)}
          </>
        )}
      </td>
    </tr>
  );
}
