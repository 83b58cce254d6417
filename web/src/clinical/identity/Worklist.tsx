import { Button } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { IconCircleCheck } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { ProblemNotice } from '@/archive/ProblemNotice';
import { useWords } from '@/lib/i18n';
import { shownMoment } from '@/lib/moments';
import { EmptyState } from '@/ui/EmptyState';
import { useKeys } from '@/ui/useKeys';
import { Wait } from '@/ui/Wait';
import styles from './Identity.module.css';
import worklist from '@/ui/worklist.module.css';

interface Entry {
  name: string;
  line: string;
  at: string;
}

interface Props<T> {
  kind: 'candidates' | 'provisional' | 'merges';
  query: UseInfiniteQueryResult<InfiniteData<T[]>>;
  keyOf: (row: T) => number;
  /** What the list says of a row. */
  entryOf: (row: T) => Entry;
  /** What is shown of the row that is looked at. */
  children: (row: T) => ReactNode;
}

/** A list at the left, newest first, and at the right the one that is looked at; the keys of lists go up and down. */
export function Worklist<T>({ kind, query, keyOf, entryOf, children }: Props<T>) {
  const t = useWords();
  const rows = query.data?.pages.flat() ?? [];
  const [shown, setShown] = useState<number | null>(null);
  const current = rows.find((item) => keyOf(item) === shown) ?? rows[0];

  const at = current === undefined ? null : keyOf(current);

  function step(by: number): void {
    const place = rows.findIndex((item) => keyOf(item) === at) + by;
    const next = rows[Math.max(0, Math.min(rows.length - 1, place))];
    if (next !== undefined) setShown(keyOf(next));
  }

  useKeys({ j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1) });

  if (query.error) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <Wait what={t('wait.loading')} />;
  if (current === undefined) {
    return <EmptyState icon={IconCircleCheck} title={t(`identity.none.${kind}`)} line={t(`identity.what.${kind}`)} />;
  }
  return (
    <div className={worklist.work}>
      <nav className={worklist.list} aria-label={t(`identity.${kind}`)}>
        <ul className={worklist.rows}>
          {rows.map((item) => (
            <li key={keyOf(item)} aria-current={keyOf(item) === at}>
              <EntryButton entry={entryOf(item)} onShow={() => setShown(keyOf(item))} />
            </li>
          ))}
        </ul>
        {query.hasNextPage && (
          <Button variant="default" m="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('identity.more')}
          </Button>
        )}
      </nav>
      <section key={keyOf(current)} className={`${worklist.detail} ${styles.detail}`}>
        {children(current)}
      </section>
    </div>
  );
}

function EntryButton({ entry, onShow }: { entry: Entry; onShow: () => void }) {
  return (
    <button type="button" className={worklist.row} onClick={onShow}>
      <strong>{entry.name}</strong>
      <span>{entry.line}</span>
      <time dateTime={entry.at}>{shownMoment(entry.at)}</time>
    </button>
  );
}
