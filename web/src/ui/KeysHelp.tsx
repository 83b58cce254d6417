import { Kbd, Modal } from '@mantine/core';
import { Fragment, useState } from 'react';
import { useWords } from '@/lib/i18n';
import { shownKey } from './hotkey';
import styles from './KeysHelp.module.css';
import { useKeys } from './useKeys';

export interface KeyLine {
  keys: readonly string[];
  does: string;
}

/** Keys that belong together. */
export interface KeyPart {
  title: string;
  lines: readonly KeyLine[];
}

interface Props {
  parts: readonly KeyPart[];
  onClose: () => void;
}

/** Keys, and what each does. */
function KeyList({ lines }: Pick<KeyPart, 'lines'>) {
  return (
    <dl className={styles.list}>
      {lines.map((line) => (
        <Fragment key={line.does}>
          <dt>
            {line.keys.map((key) => (
              <Kbd key={key}>{shownKey(key)}</Kbd>
            ))}
          </dt>
          <dd>{line.does}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** A sheet of keys, part by part, in as many columns as there is room for. */
export function KeySheet({ parts, onClose }: Props) {
  const t = useWords();
  const size = parts.length > 1 ? `min(${WIDEST_PX}px, 94vw)` : 'md';
  return (
    <Modal opened onClose={onClose} size={size} title={t('keys.title')} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      <div className={styles.parts}>
        {parts.map(({ title, lines }) => (
          <section key={title}>
            {parts.length > 1 && <h3>{title}</h3>}
            <KeyList lines={lines} />
          </section>
        ))}
      </div>
    </Modal>
  );
}

const WIDEST_PX = 1320;

/** What `?` shows: every key of the page and what it does. */
export function KeysHelp({ parts }: Pick<Props, 'parts'>) {
  const [isOpen, setIsOpen] = useState(false);
  useKeys({ '?': () => setIsOpen(true) });
  return isOpen && <KeySheet parts={parts} onClose={() => setIsOpen(false)} />;
}
