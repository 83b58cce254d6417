import { Popover } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useWords } from '@/lib/i18n';
import { Wait } from '@/ui/Wait';
import { useEscape } from '@/ui/useKeys';
import type { DayRange } from './Calendar';
import styles from './ListHead.module.css';

const Calendar = lazy(() => import('./Calendar'));

interface Props {
  from: string | undefined;
  to: string | undefined;
  onChange: (range: DayRange) => void;
}

export function DateRange({ from, to, onChange }: Props) {
  const t = useWords();
  const [isOpen, setIsOpen] = useState(false);
  useEscape(isOpen, () => setIsOpen(false));
  const isSet = Boolean(from && to);

  function choose(range: DayRange): void {
    onChange(range);
    setIsOpen(false);
  }

  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-start" withinPortal trapFocus>
      <Popover.Target>
        <button type="button" className={styles.range} data-set={isSet} onClick={() => setIsOpen(!isOpen)}>
          <IconCalendar size={16} stroke={1.5} aria-hidden />
          {isSet ? `${from} – ${to}` : t('studies.range')}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('studies.range')}>
        <Suspense fallback={<Wait what={t('wait.loading')} />}>
          <Calendar from={from} to={to} onChange={choose} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
