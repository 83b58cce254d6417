import { Kbd, Modal } from '@mantine/core';
import { Fragment } from 'react';
import { useWords } from '@/lib/i18n';
import styles from './KeysHelp.module.css';

export interface KeyLine {
  keys: string[];
  does: string;
}

interface Props {
  lines: KeyLine[];
  isOpen: boolean;
  onClose: () => void;
}

/** Keys, and what each does. */
export function KeyList({ lines }: { lines: KeyLine[] }) {
  return (
    <dl className={styles.list}>
      {lines.map((line) => (
        <Fragment key={line.does}>
          <dt>
            {line.keys.map((key) => (
              <Kbd key={key}>{key}</Kbd>
            ))}
          </dt>
          <dd>{line.does}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** What `?` shows: every key of the page and what it does. */
export function KeysHelp({ lines, isOpen, onClose }: Props) {
  const t = useWords();
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('keys.title')} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      <KeyList lines={lines} />
    </Modal>
  );
}
