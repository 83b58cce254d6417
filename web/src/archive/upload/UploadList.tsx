import { Progress } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import {
  type Icon,
  IconAlertTriangle,
  IconArrowUp,
  IconCircleCheck,
  IconClock,
  IconFileOff,
  IconShieldX,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { type TFunction, useWords } from '@/lib/i18n';
import { shownLength } from '@/lib/moments';
import { type Column, DataTable } from '@/ui/tables/DataTable';
import { type Item, type ItemState, NO_ROOM, UNREADABLE } from './queue';
import styles from './UploadPage.module.css';

const SIGNS: Record<ItemState, Icon> = {
  waiting: IconClock,
  sending: IconArrowUp,
  stored: IconCircleCheck,
  refused: IconShieldX,
  skipped: IconFileOff,
  failed: IconAlertTriangle,
};
const ORDER: ItemState[] = ['failed', 'refused', 'sending', 'waiting', 'skipped', 'stored'];
const MOST_ROWS = 300;
const HUNDRED = 100;
const FORBIDDEN = 403;
const MISMATCH = 0xa900;

function reason(t: TFunction, item: Item): string {
  if (item.state === 'skipped') return t('upload.reason.skipped');
  if (item.status === NO_ROOM) return t('upload.reason.room');
  if (item.status === UNREADABLE) return t('upload.reason.unreadable');
  if (item.status === FORBIDDEN) return t('upload.reason.forbidden');
  if (item.state === 'failed') return t('upload.reason.failed');
  if (item.state !== 'refused') return '';
  return item.status === MISMATCH ? t('upload.reason.mismatch') : t('upload.reason.broken');
}

function columns(t: TFunction): Column<Item>[] {
  return [
    { key: 'name', title: t('upload.column.file'), render: (item) => item.file.webkitRelativePath || item.file.name },
    { key: 'size', title: t('upload.column.size'), width: '110px', isNumber: true, render: (item) => shownLength(item.file.size) },
    { key: 'state', title: t('upload.column.state'), width: '170px', render: (item) => <State item={item} /> },
    { key: 'reason', title: t('upload.column.reason'), isQuiet: true, render: (item) => reason(t, item) },
  ];
}

function State({ item }: { item: Item }) {
  const t = useWords();
  const Sign = SIGNS[item.state];
  return (
    <span className={styles.state} data-state={item.state}>
      <Sign size={16} stroke={1.5} aria-hidden />
      {t(`upload.state.${item.state}`)}
      {item.state === 'sending' && ` ${Math.round((HUNDRED * item.sent) / Math.max(1, item.file.size))} %`}
    </span>
  );
}

export function UploadList({ items }: { items: Item[] }) {
  const t = useWords();
  const total = items.reduce((sum, item) => sum + item.file.size, 0);
  const sent = items.reduce((sum, item) => sum + (item.state === 'sending' ? item.sent : isDone(item) ? item.file.size : 0), 0);
  const done = items.filter(isDone).length;
  const shown = ORDER.flatMap((state) => items.filter((item) => item.state === state)).slice(0, MOST_ROWS);
  const studies = useMemo(() => [...new Set(items.map((item) => item.study).filter(Boolean))], [items]);
  return (
    <>
      <div className={styles.sum}>
        <Progress value={total ? (HUNDRED * sent) / total : HUNDRED} aria-label={t('upload.progress')} size="sm" />
        <p>{t('upload.done', { done, count: items.length, sent: shownLength(sent), total: shownLength(total) })}</p>
        {studies.length > 0 && (
          <p>
            {t('upload.arrived')}
            {studies.map((uid, place) => (
              <Link key={uid} to="/studies/$uid" params={{ uid }}>
                {t('upload.study', { number: place + 1 })}
              </Link>
            ))}
          </p>
        )}
      </div>
      <DataTable
        label={t('upload.title')}
        columns={columns(t)}
        rows={shown}
        rowKey={(item) => String(item.id)}
        current={null}
        onCurrent={() => undefined}
        onOpen={() => undefined}
      />
    </>
  );
}

function isDone(item: Item): boolean {
  return item.state !== 'waiting' && item.state !== 'sending';
}
