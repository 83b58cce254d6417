import { useQuery } from '@tanstack/react-query';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { conflictsQuery, quarantineQuery } from '@/lib/api/archive';
import { useWords } from '@/lib/i18n';
import { Segments } from '@/ui/choices/Segments';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Wait } from '@/ui/Wait';
import { ProblemNotice } from '../ProblemNotice';
import { Conflicts } from './Conflicts';
import { UNSETTLED_KEYS, unsettledKeyParts } from './keys';
import { Quarantine } from './Quarantine';

type Kind = 'conflicts' | 'quarantine';

/** What waits for somebody's decision: images that contradict each other, and files that something is wrong with. */
export function UnsettledPage() {
  const t = useWords();
  const conflicts = useQuery(conflictsQuery);
  const quarantine = useQuery(quarantineQuery);
  const [chosen, setChosen] = useState<Kind | null>(null);
  const kind = chosen ?? (conflicts.data?.length || !quarantine.data?.length ? 'conflicts' : 'quarantine');
  const label = (words: string, rows: unknown[] | undefined) => (rows ? `${words} ${rows.length}` : words);
  const kinds = (
    <Segments
      label={t('unsettled.title')}
      options={[
        { value: 'conflicts', label: label(t('unsettled.conflicts'), conflicts.data) },
        { value: 'quarantine', label: label(t('unsettled.quarantine'), quarantine.data) },
      ]}
      value={kind}
      keys={UNSETTLED_KEYS.view}
      onChange={(value) => setChosen(value as Kind)}
    />
  );
  const query = kind === 'conflicts' ? conflicts : quarantine;
  return (
    <Page title={t('unsettled.title')} acts={kinds} keys={unsettledKeyParts(t)}>
      {query.error && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Wait what={t('wait.loading')} />}
      {query.data?.length === 0 && (
        <EmptyState icon={IconCircleCheck} title={t(`unsettled.none.${kind}`)} line={t(`unsettled.what.${kind}`)} />
      )}
      {kind === 'conflicts' && conflicts.data && conflicts.data.length > 0 && <Conflicts rows={conflicts.data} />}
      {kind === 'quarantine' && quarantine.data && quarantine.data.length > 0 && <Quarantine rows={quarantine.data} />}
    </Page>
  );
}
