import { TextInput } from '@mantine/core';
import { useWords } from '@/lib/i18n';
import styles from './Unsettled.module.css';

const LONGEST = 500;

/** Why it was decided so; whoever sent it will ask. */
export function Note({ value, onChange }: { value: string; onChange: (note: string) => void }) {
  const t = useWords();
  return (
    <TextInput
      className={styles.note ?? ''}
      label={t('unsettled.note')}
      maxLength={LONGEST}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
