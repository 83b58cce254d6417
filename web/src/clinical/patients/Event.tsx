import { IconBed, IconCalendar, IconClipboardList, IconFileText, IconFlask, type Icon, IconPhoto, IconPill, IconReportMedical, IconVaccine } from '@tabler/icons-react';
import { Thumbnail } from '@/archive/study/Thumbnail';
import { type Entry, type Kind, whenOf } from '@/lib/api/record';
import { thumbnailPath } from '@/lib/dicomweb/addresses';
import { useWords } from '@/lib/i18n';
import styles from './Patients.module.css';
import { clockOf, isVoid, lineOf, stateWords, titleOf } from './said';
import { flagOf, rangeOf, valueOf } from './values';

const SIGNS: Record<Kind, Icon> = {
  Encounter: IconBed,
  Appointment: IconCalendar,
  ServiceRequest: IconClipboardList,
  MedicationRequest: IconPill,
  MedicationAdministration: IconVaccine,
  Observation: IconFlask,
  DiagnosticReport: IconReportMedical,
  ImagingStudy: IconPhoto,
  DocumentReference: IconFileText,
};
const STUDY = 'urn:oid:';

interface Props {
  entry: Entry;
  /** What was measured for a report. */
  results: Entry[];
  /** The code of the hospital whose record it is. */
  hospital: string;
  onStudy: (uid: string) => void;
}

/** One event of a timeline; images can be opened from it. */
export function Event({ entry, results, hospital, onStudy }: Props) {
  const t = useWords();
  const Sign = SIGNS[entry.resourceType];
  const kind = t(`patients.kind.${entry.resourceType}`);
  const title = titleOf(entry);
  const uid = studyOf(entry);
  const value = valueOf(t, entry);
  const words = (
    <>
      <strong>{title || kind}</strong>
      <small>{[title && kind, stateWords(t, entry)].filter(Boolean).join(' · ')}</small>
      <span>{lineOf(t, entry)}</span>
    </>
  );
  return (
    <li className={styles.event} data-void={isVoid(entry)}>
      <time dateTime={whenOf(entry)}>{clockOf(whenOf(entry))}</time>
      <Sign size={20} stroke={1.5} aria-hidden />
      {uid ? (
        <button type="button" className={styles.images} onClick={() => onStudy(uid)} aria-label={t('patients.open', { what: title || kind })}>
          <Thumbnail path={thumbnailPath({ uid, hospital }, entry.series?.[0]?.uid ?? '')} />
          <span className={styles.words}>{words}</span>
        </button>
      ) : (
        <div className={styles.words}>
          {words}
          {value && <Measured entry={entry} />}
          {results.length > 0 && <Results results={results} />}
        </div>
      )}
    </li>
  );
}

/** What was measured for a report; one that is not final, or does not count, says so. */
function Results({ results }: { results: Entry[] }) {
  const t = useWords();
  return (
    <ul className={styles.results}>
      {results.map((result) => (
        <li key={result.id} data-void={isVoid(result)}>
          <span>
            {titleOf(result)} {result.status !== 'final' && <small>{stateWords(t, result)}</small>}
          </span>
          <Measured entry={result} />
        </li>
      ))}
    </ul>
  );
}

const ARROWS = { high: '↑', low: '↓', abnormal: '!' };

/** A value with its unit and range; what is out of it carries an arrow, so that nobody needs the colour. */
function Measured({ entry }: { entry: Entry }) {
  const t = useWords();
  const flag = flagOf(entry);
  return (
    <span className={styles.value} data-flag={flag}>
      <b>{valueOf(t, entry) || '–'}</b>
      {flag && <b aria-label={t(`patients.flag.${flag}`)}>{ARROWS[flag]}</b>}
      <small>{rangeOf(entry)}</small>
    </span>
  );
}

function studyOf({ resourceType, identifier = [] }: Entry): string | null {
  if (resourceType !== 'ImagingStudy') return null;
  const value = identifier.find(({ value: one = '' }) => one.startsWith(STUDY))?.value;
  return value ? value.slice(STUDY.length) : null;
}
