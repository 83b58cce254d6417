import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useWords } from '@/lib/i18n';
import styles from './ReasonForm.module.css';

const LONGEST = 200;

interface Props {
  /** What is asked, what it means, and what is done then. */
  why: string;
  means: string;
  act: string;
  isBusy: boolean;
  onAct: (reason: string) => void;
  onClose: () => void;
}

/** Does something for a reason, which whoever reads the audit trail will ask for; Escape leaves all as it is. */
export function ReasonForm({ why, means, act, isBusy, onAct, onClose }: Props) {
  const t = useWords();
  const [reason, setReason] = useState('');
  const said = reason.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (said) onAct(said);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        autoFocus
        required
        maxLength={LONGEST}
        label={why}
        description={means}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && !event.nativeEvent.isComposing && onClose()}
      />
      <Button type="submit" loading={isBusy} disabled={!said}>
        {act}
      </Button>
      <Button variant="subtle" disabled={isBusy} onClick={onClose}>
        {t('act.cancel')}
      </Button>
    </form>
  );
}
