import { useQuery } from '@tanstack/react-query';
import { movingQuery, type Person } from '@/lib/api/identity';
import { useWords } from '@/lib/i18n';
import styles from './Identity.module.css';
import { movingWords, shownName } from './said';

interface Props {
  patient: Pick<Person, 'id' | 'name'>;
  /** How many entries of each kind; not known yet while they are counted. */
  moving: Record<string, number> | undefined;
}

/** What moves to the record that stays, before it does. */
export function Moving({ patient, moving }: Props) {
  const t = useWords();
  if (!moving) return <p className={styles.moving}>{t('identity.counting')}</p>;
  const words = movingWords(t, moving);
  const name = shownName(t, patient);
  return <p className={styles.moving}>{words ? t('identity.moves', { name, moving: words }) : t('identity.nothingMoves', { name })}</p>;
}

/** What moves if a record is given up; nobody decides before they could read it. */
export function useMoving(patient: string, hospital: string): Record<string, number> | undefined {
  return useQuery(movingQuery(patient, hospital)).data;
}
