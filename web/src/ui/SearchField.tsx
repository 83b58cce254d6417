import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { useWords } from '@/lib/i18n';
import styles from './SearchField.module.css';

const SETTLE_MS = 250;
const SLASH = '/';

interface Props {
  field: RefObject<HTMLInputElement | null>;
  /** What can be searched for. */
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** Searches as one types; Enter, Escape and the down arrow give the keys back to the list. */
export function SearchField({ field, label, value, onChange }: Props) {
  const t = useWords();
  const [draft, setDraft] = useState(value);
  const sent = useRef(value);

  useEffect(() => {
    if (value !== sent.current) setDraft(value);
    sent.current = value;
  }, [value]);

  useEffect(() => {
    if (draft.trim() === sent.current) return undefined;
    const timer = setTimeout(() => {
      sent.current = draft.trim();
      onChange(sent.current);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [draft, onChange]);

  function leave(event: KeyboardEvent<HTMLInputElement>): void {
    if (!['Enter', 'Escape', 'ArrowDown'].includes(event.key) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (event.key === 'Escape') setDraft('');
    event.currentTarget.blur();
  }

  return (
    <TextInput
      ref={field}
      className={styles.search ?? ''}
      type="search"
      aria-label={label}
      placeholder={label}
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onKeyDown={leave}
      leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
      rightSection={
        draft ? (
          <CloseButton size="sm" aria-label={t('studies.clearSearch')} onClick={() => setDraft('')} />
        ) : (
          <Kbd aria-hidden>{SLASH}</Kbd>
        )
      }
    />
  );
}
