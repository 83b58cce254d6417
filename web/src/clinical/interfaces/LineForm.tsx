import { Button, Modal } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ActNotice } from '@/archive/ActNotice';
import { useWords } from '@/lib/i18n';
import { useAct } from '@/ui/useAct';
import form from '@/ui/form.module.css';
import styles from './Interfaces.module.css';

interface Props {
  title: string;
  /** What is said before the line is removed; null where it is new. */
  removeWords: string | null;
  /** Whether it may be removed now; what is said tells why not. */
  isRemovable?: boolean;
  onKeep: () => Promise<unknown>;
  onRemove: () => Promise<unknown>;
  onDone: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A line of the network, to be described, kept, or removed. */
export function LineForm({ title, removeWords, isRemovable = true, onKeep, onRemove, onDone, onClose, children }: Props) {
  const t = useWords();
  const { isBusy, error, run } = useAct();
  const [isRemoving, setIsRemoving] = useState(false);

  async function finish(act: () => Promise<unknown>): Promise<void> {
    if (!(await run(act))) return;
    onDone();
    onClose();
  }

  function save(event: FormEvent): void {
    event.preventDefault();
    void finish(onKeep);
  }

  return (
    <Modal opened onClose={onClose} title={title} size="lg" closeButtonProps={{ 'aria-label': t('keys.close') }}>
      <form className={form.form} onSubmit={save}>
        {children}
        <ActNotice error={error} />
        {isRemoving && (
          <div className={styles.confirm}>
            <p>{removeWords}</p>
            {isRemovable && (
              <Button size="xs" loading={isBusy} onClick={() => void finish(onRemove)}>
                {t('interfaces.remove')}
              </Button>
            )}
          </div>
        )}
        <div className={styles.formActs}>
          <Button type="submit" loading={isBusy}>
            {t('act.save')}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('act.cancel')}
          </Button>
          {removeWords !== null && (
            <Button variant="subtle" leftSection={<IconTrash size={16} stroke={1.5} />} onClick={() => setIsRemoving(!isRemoving)}>
              {t('interfaces.remove')}
            </Button>
          )}
        </div>
      </form>
    </Modal>
  );
}
