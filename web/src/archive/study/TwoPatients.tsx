import { IconUsers } from '@tabler/icons-react';
import { useWords } from '@/lib/i18n';
import styles from './KeyMarkLine.module.css';

/** Says over the pictures that they are of two people: the worst that may be overlooked (H-01). */
export function TwoPatients({ names }: { names: string[] }) {
  const t = useWords();
  return (
    <p className={styles.rejected} role="alert">
      <IconUsers size={15} stroke={1.5} aria-hidden />
      {t('priors.twoPatients', { names: names.join(' / ') })}
    </p>
  );
}
