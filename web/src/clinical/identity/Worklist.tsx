import { Button } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ProblemNotice } from '@/archive/ProblemNotice';
import { useWords } from '@/lib/i18n';
import { shownMoment } from '@/lib/moments';
import { EmptyState } from '@/ui/EmptyState';
import { useRow, useRowsInHand } from '@/ui/useRowsInHand';
import { Wait } from '@/ui/Wait';
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
  const { current, show } = useRowsInHand(rows, keyOf);
  if (query.error && !query.data) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <Wait what={t('wait.loading')} />;
  if (current === undefined) {
    return <EmptyState icon={IconCircleCheck} title={t(`identity.none.${kind}`)} line={t(`identity.what.${kind}`)} />;
  }
  return (
    <div className={worklist.work}>
      <nav className={worklist.list} aria-label={t(`identity.${kind}`)}>
        <ul className={worklist.rows}>
          {rows.map((item) => (
            <li key={keyOf(item)} aria-current={item === current}>
              <EntryButton entry={entryOf(item)} isInHand={item === current} onShow={() => show(keyOf(item))} />
            </li>
          ))}
        </ul>
        {query.error && <ProblemNotice error={query.error} onRetry={() => void (query.isFetchNextPageError ? query.fetchNextPage() : query.refetch())} />}
        {query.hasNextPage && (
          <Button variant="default" m="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('identity.more')}
          </Button>
        )}
      </nav>
      <section key={keyOf(current)} className={worklist.detail}>
        {children(current)}
      </section>
    </div>
  );
}

function EntryButton({ entry, isInHand, onShow }: { entry: Entry; isInHand: boolean; onShow: () => void }) {
  const row = useRow(isInHand);
  return (
    <button type="button" {...row} className={worklist.row} onClick={onShow}>
      <strong>{entry.name}</strong>
      <span>{entry.line}</span>
      <time dateTime={entry.at}>{shownMoment(entry.at)}</time>
    </button>
  );
}
