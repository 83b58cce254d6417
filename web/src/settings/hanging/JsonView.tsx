import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '@/lib/i18n';
import { parsed, type Written } from './edits';
import styles from './Hanging.module.css';

interface Props {
  written: Written;
  isOff: boolean;
  onChange: (written: Written) => void;
}

/** The protocol as it is stored, for engineers; what is no protocol yet changes nothing. */
export function JsonView({ written, isOff, onChange }: Props) {
  const t = useWords();
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? JSON.stringify(written, null, 2);
  const isWrong = draft !== null && parsed(draft) === null;

  function keep(): void {
    const said = draft === null ? null : parsed(draft);
    if (!said) return;
    onChange(said);
    setDraft(null);
  }

  return (
    <Textarea
      className={styles.json ?? ''}
      label={t('hanging.json')}
      value={text}
      rows={28}
      spellCheck={false}
      readOnly={isOff}
      error={isWrong && t('hanging.jsonWrong')}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={keep}
    />
  );
}
