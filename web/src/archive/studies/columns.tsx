import { shownDate, shownDateTime } from '@/lib/dicomweb/dates';
import type { Study } from '@/lib/dicomweb/studies';
import type { TFunction } from '@/lib/i18n';
import { ageWords, sexWords } from '@/lib/i18n/patients';
import type { Column } from '@/ui/tables/DataTable';
import { Unknown } from '@/ui/Unknown';
import styles from './columns.module.css';

function Name({ study }: { study: Study }) {
  const { main, other } = study.name;
  return (
    <span title={`${main} ${other}`.trim()}>
      <span className={styles.name}>{main}</span>
      {other && <span className={styles.other}>{other}</span>}
    </span>
  );
}

type Shown = (study: Study) => string | number | null;

/**
 * The columns of the list; a value nobody gave is a dash. They are put in order by time only, either way: by another
 * column the server would have to sort a million studies, and to sort those that are loaded would mislead.
 */
export function studyColumns(t: TFunction, isOldestFirst: boolean, onTurn: () => void): Column<Study>[] {
  const hint = t(isOldestFirst ? 'studies.order.newest' : 'studies.order.oldest');
  const given = (value: Shown) => (study: Study) => value(study) || <Unknown reason={t('studies.reason.missing')} />;
  const title = (key: keyof typeof WIDTHS) => ({ key, title: t(`studies.column.${key}`), ...WIDTHS[key] });
  const missing = given(() => '');
  return [
    { ...title('patient'), render: (study) => (study.name.main ? <Name study={study} /> : missing(study)) },
    { ...title('patientId'), render: given((study) => study.patientId) },
    { ...title('sex'), render: given((study) => sexWords(t, study.sex)) },
    { ...title('age'), render: given((study) => ageWords(t, study.birthDate, study.date)) },
    { ...title('born'), isQuiet: true, render: given((study) => shownDate(study.birthDate)) },
    { ...title('when'), order: { is: isOldestFirst ? 'ascending' : 'descending', hint, onTurn }, render: given((study) => shownDateTime(study.date, study.time)) },
    { ...title('modality'), render: given((study) => study.modalities.join(' ')) },
    { ...title('description'), render: given((study) => study.description) },
    { ...title('accession'), isQuiet: true, render: given((study) => study.accessionNumber) },
    { ...title('hospital'), isQuiet: true, render: given((study) => study.hospital) },
    { ...title('series'), isNumber: true, render: given((study) => study.seriesCount?.toString() ?? '') },
    { ...title('images'), isNumber: true, render: given((study) => study.imageCount?.toString() ?? '') },
  ];
}

const WIDTHS = {
  patient: { width: '208px' },
  patientId: { width: '104px' },
  sex: { width: '64px' },
  age: { width: '64px' },
  born: { width: '104px' },
  when: { width: '144px' },
  modality: { width: '76px' },
  description: {},
  accession: { width: '124px' },
  hospital: { width: '164px' },
  series: { width: '60px' },
  images: { width: '68px' },
};
