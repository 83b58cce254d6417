import { Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '@/lib/i18n';
import { useRow } from '@/ui/useRowsInHand';
import worklist from '@/ui/worklist.module.css';
import styles from './Unsettled.module.css';
import type { Choice } from './useChoice';

interface Row {
  id: number;
}

interface Props<T extends Row> {
  label: string;
  rows: T[];
  choice: Choice;
  children: (row: T) => ReactNode;
}

/** The list at the left: what waits, each to be looked at or chosen with others. */
export function WorkList<T extends Row>(props: Props<T>) {
  const { label, rows, choice, children } = props;
  const { current, chosen } = choice;
  const t = useWords();
  return (
    <nav className={`${worklist.list} ${styles.chosen}`} aria-label={label}>
      <Checkbox
        className={styles.all ?? ''}
        size="xs"
        label={t('unsettled.all')}
        checked={chosen.length === rows.length}
        indeterminate={chosen.length > 0 && chosen.length < rows.length}
        onChange={choice.toggleAll}
      />
      <ul className={worklist.rows}>
        {rows.map((row) => (
          <li key={row.id} aria-current={row.id === current?.id}>
            <Checkbox
              size="xs"
              aria-label={t('unsettled.choose')}
              checked={chosen.includes(row.id)}
              onChange={() => choice.toggle(row.id)}
            />
            <RowButton isInHand={row.id === current?.id} onShow={() => choice.show(row.id)}>
              {children(row)}
            </RowButton>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function RowButton({ isInHand, onShow, children }: { isInHand: boolean; onShow: () => void; children: ReactNode }) {
  const row = useRow(isInHand);
  return (
    <button type="button" {...row} className={worklist.row} onClick={onShow}>
      {children}
    </button>
  );
}
