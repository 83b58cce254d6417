import { Button } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import type { Organisation } from '@/lib/api/types';
import type { StudyAt } from '@/lib/api/studyAddress';
import { type Study, studyKey } from '@/lib/dicomweb/studies';
import { useWords } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { KeysHelp, KeySheet } from '@/ui/KeysHelp';
import { DataTable } from '@/ui/tables/DataTable';
import { TableSkeleton } from '@/ui/tables/TableSkeleton';
import { useTitle } from '@/ui/useTitle';
import { ProblemNotice } from '../ProblemNotice';
import { useWarmStudy } from '../study/useWarmStudy';
import { ArrivalsBar } from './ArrivalsBar';
import { studyColumns } from './columns';
import { EmptyArchive } from './EmptyArchive';
import { isNarrowed, type ListSearch, loosened, toStudyFilter, turnedRound } from './filter';
import { ListFoot } from './ListFoot';
import { ListHead } from './ListHead';
import { LoadMore } from './LoadMore';
import styles from './StudyListPage.module.css';
import { useArrivals } from './useArrivals';
import { listKeyLines, useListKeys } from './useListKeys';
import { useStudyList } from './useStudyList';
import { useToday } from './useToday';
import { useWarmViewer } from './useWarmViewer';

const NOWHERE = { uid: null, hospital: '' };

interface Props {
  search: ListSearch;
  hospitals: Organisation[];
  /** Which copy of a study its row stands for. */
  atOf: (study: Study) => StudyAt;
  onSearch: (search: ListSearch) => void;
  onOpen: (study: Study) => void;
}

export function StudyListPage({ search, hospitals, atOf, onSearch, onOpen }: Props) {
  const t = useWords();
  useTitle(t('studies.title'));
  const field = useRef<HTMLInputElement>(null);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const parts = [{ title: t('studies.table'), lines: listKeyLines(t) }];
  const today = useToday();
  const filter = useMemo(() => toStudyFilter(search, today), [search, today]);
  const list = useStudyList(filter);
  const arrivals = useArrivals(filter, list.query.isSuccess ? list.studies : null, list.update);
  const turn = () => onSearch(turnedRound(search));
  const { current, stand } = useListKeys(list.studies, {
    field,
    onOpen,
    onLoosen: () => isNarrowed(search) && onSearch(loosened(search)),
    onTurn: turn,
  });
  const next = list.studies.find((study) => studyKey(study) === current);
  const { uid, hospital } = next ? atOf(next) : NOWHERE;
  useWarmStudy(uid, hospital);
  useWarmViewer();

  async function showArrivals(): Promise<void> {
    arrivals.forget();
    if (search.order) return turn(); // new studies are at the other end
    await list.restart();
    document.querySelector('[role="grid"]')?.parentElement?.scrollTo({ top: 0 });
  }

  return (
    <div className={styles.page}>
      <ListHead field={field} search={search} hospitals={hospitals} onSearch={onSearch}>
        <ArrivalsBar count={arrivals.count} onShow={() => void showArrivals()} />
      </ListHead>
      <Body list={list} search={search} onSearch={onSearch} onTurn={turn} current={current} onCurrent={stand} onOpen={onOpen} />
      <ListFoot count={list.query.isSuccess ? list.studies.length : null} hasMore={list.query.hasNextPage} onKeys={() => setIsHelpOpen(true)} />
      <KeysHelp parts={parts} />
      {isHelpOpen && <KeySheet parts={parts} onClose={() => setIsHelpOpen(false)} />}
    </div>
  );
}

interface BodyProps {
  list: ReturnType<typeof useStudyList>;
  search: ListSearch;
  current: string | null;
  onSearch: Props['onSearch'];
  onTurn: () => void;
  onCurrent: (key: string) => void;
  onOpen: Props['onOpen'];
}

function Body({ list, search, current, onSearch, onTurn, onCurrent, onOpen }: BodyProps) {
  const t = useWords();
  const { query, studies } = list;
  if (!studies.length) {
    return (
      <div className={styles.rest}>
        {query.isPending && <TableSkeleton what={t('wait.loading')} />}
        {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
        {query.isSuccess && <Nothing search={search} onSearch={onSearch} />}
      </div>
    );
  }
  return (
    <DataTable
      label={t('studies.table')}
      columns={studyColumns(t, search.order === 'oldest', onTurn)}
      rows={studies}
      rowKey={studyKey}
      current={current}
      onCurrent={onCurrent}
      onOpen={onOpen}
    >
      {query.hasNextPage && (
        <LoadMore
          isLoading={query.isFetchingNextPage}
          isByHand={query.isFetchNextPageError}
          onMore={() => void query.fetchNextPage()}
        />
      )}
    </DataTable>
  );
}

function Nothing({ search, onSearch }: Pick<Props, 'search' | 'onSearch'>) {
  const t = useWords();
  if (!isNarrowed(search)) return <EmptyArchive />;
  return (
    <EmptyState icon={IconListSearch} title={t('studies.nothing.title')} line={t('studies.nothing.line')}>
      <Button variant="default" onClick={() => onSearch({})}>
        {t('studies.nothing.clear')}
      </Button>
    </EmptyState>
  );
}
