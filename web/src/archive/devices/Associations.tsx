import { Button } from '@mantine/core';
import { IconArrowDownLeft, IconArrowUpRight, IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { Association } from '@/lib/api/associations';
import { useWords } from '@/lib/i18n';
import { shownMoment } from '@/lib/moments';
import { Moment } from '@/ui/Moment';
import styles from './Associations.module.css';
import { doneWords, endOf, isGood, outcomeWords, rejectionWords, SIGNS } from './said';

/** Did this machine reach us, and what happened: the last time in words, the times before on demand. */
export function Associations({ associations }: { associations: Association[] }) {
  const t = useWords();
  const list = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [last] = associations;
  if (!last) return <p className={styles.never}>{t('associations.never')}</p>;
  const Sign = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <div className={styles.associations}>
      <p className={styles.line}>
        <OutcomeMark association={last} />
        <Moment at={last.ended_at} />
      </p>
      <What association={last} />
      <Button
        size="compact-xs"
        variant="subtle"
        className={styles.more}
        leftSection={<Sign size={14} stroke={1.5} />}
        aria-expanded={isOpen}
        aria-controls={list}
        onClick={() => setIsOpen(!isOpen)}
      >
        {t('associations.last')}
      </Button>
      <ol id={list} hidden={!isOpen}>
        {associations.map((one) => (
          <li key={one.id}>
            <p className={styles.line}>
              <OutcomeMark association={one} />
              <time dateTime={one.ended_at}>{shownMoment(one.ended_at)}</time>
            </p>
            <What association={one} isFull />
          </li>
        ))}
      </ol>
    </div>
  );
}

/** How it ended: colour, sign and word. */
export function OutcomeMark({ association }: { association: Association }) {
  const t = useWords();
  const Sign = SIGNS[endOf(association)];
  return (
    <span className={styles.outcome} data-good={isGood(association)}>
      <Sign size={16} stroke={1.5} aria-hidden />
      {outcomeWords(t, association)}
    </span>
  );
}

/** Who called whom from where, why it was refused, what was done, how often. */
function What({ association, isFull = false }: { association: Association; isFull?: boolean }) {
  const t = useWords();
  const { calling_ae, called_ae, address, is_tls, is_ours, times } = association;
  const Way = is_ours ? IconArrowUpRight : IconArrowDownLeft;
  const parts = [rejectionWords(t, association), doneWords(t, association), times > 1 && t('associations.times', { count: times })];
  return (
    <div className={styles.what}>
      {parts.filter(Boolean).map((part) => (
        <span key={String(part)}>{part}</span>
      ))}
      {isFull && (
        <span className={styles.way}>
          <Way size={14} stroke={1.5} aria-hidden />
          {t(is_ours ? 'associations.weCalled' : 'associations.itCalled')}
          <code>{`${calling_ae} → ${called_ae}`}</code>
          <code>{address}</code>
          {is_tls && t('devices.tls')}
        </span>
      )}
    </div>
  );
}
