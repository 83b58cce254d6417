import { Button, TextInput } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useWords } from '@/lib/i18n';
import worklist from '@/ui/worklist.module.css';

const LONGEST = 200;

interface Props {
  isBusy: boolean;
  onLink: (reason: string) => void;
  onClose: () => void;
}

/** Says why two records are of one person though both stay; Escape leaves them as they are. */
export function LinkForm({ isBusy, onLink, onClose }: Props) {
  const t = useWords();
  const [reason, setReason] = useState('');
  const said = reason.trim();
  const link = (event: FormEvent) => {
    event.preventDefault();
    if (said) onLink(said);
  };
  return (
    <form className={worklist.acts} onSubmit={link}>
      <TextInput
        autoFocus
        required
        maxLength={LONGEST}
        label={t('identity.linkWhy')}
        description={t('identity.linkMeans')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && onClose()}
      />
      <Button type="submit" leftSection={<IconLink size={16} stroke={1.5} />} loading={isBusy} disabled={!said}>
        {t('identity.link')}
      </Button>
      <Button variant="subtle" disabled={isBusy} onClick={onClose}>
        {t('act.cancel')}
      </Button>
    </form>
  );
}
