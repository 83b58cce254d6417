import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconX } from '@tabler/icons-react';
import type { CSSProperties } from 'react';
import { ProblemNotice } from '@/archive/ProblemNotice';
import { boardQuery, type Shown } from '@/lib/api/queues';
import { useWords } from '@/lib/i18n';
import { useShownToAll } from '@/lib/shownToAll';
import { useKeys } from '@/ui/useKeys';
import { useTitle } from '@/ui/useTitle';
import { Wait } from '@/ui/Wait';
import styles from './Queue.module.css';
import { Stale } from './Stale';

/** As many calls fit at full size. */
const FULL = 4;
/** As many as can be read from a chair; who was called last comes first. */
const MOST_CALLED = 8;
const MOST_WAITING = 12;

/** What everybody in the waiting area sees, behind the lock too: numbers, as much of a name as whoever is meant needs, and the room. */
export function Board({ queue, onClose }: { queue: number; onClose: () => void }) {
  const t = useWords();
  const { data, error, dataUpdatedAt, refetch } = useQuery(boardQuery(queue));
  useTitle(t('queue.board'));
  useShownToAll();
  useKeys({ Escape: onClose });
  return (
    <div className={styles.board}>
      <header>
        <h1>{data?.name ?? t('queue.board')}</h1>
        <Button size="md" variant="subtle" leftSection={<IconX size={20} stroke={1.5} />} onClick={onClose}>
          {t('queue.closeBoard')}
        </Button>
      </header>
      {error && data && <Stale sinceMs={dataUpdatedAt} />}
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {data ? (
        <main>
          <section aria-label={t('queue.nowCalled')} aria-live="polite">
            <h2>{t('queue.nowCalled')}</h2>
            {data.called.length === 0 && <p className={styles.quiet}>–</p>}
            <ul className={styles.boardCalled} style={{ '--rows': Math.max(FULL, Math.min(MOST_CALLED, data.called.length)) } as CSSProperties}>
              {data.called.slice(0, MOST_CALLED).map((one) => (
                <BoardCalled key={one.number} one={one} />
              ))}
            </ul>
          </section>
          <section aria-label={t('queue.waiting')}>
            <h2>{t('queue.waitingCount', { count: data.waiting.length })}</h2>
            <ol className={styles.boardWaiting}>
              {data.waiting.slice(0, MOST_WAITING).map((one) => (
                <li key={one.number}>
                  <strong>{one.number}</strong> {one.name}
                </li>
              ))}
            </ol>
          </section>
        </main>
      ) : (
        !error && <Wait what={t('wait.loading')} />
      )}
    </div>
  );
}

function BoardCalled({ one }: { one: Shown }) {
  const t = useWords();
  return (
    <li>
      <strong>{one.number}</strong>
      <span>{one.name}</span>
      {one.room && <em>{t('queue.toRoom', { room: one.room })}</em>}
    </li>
  );
}
