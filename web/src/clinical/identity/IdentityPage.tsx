import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { waitingQuery } from '@/lib/api/identity';
import type { Organisation } from '@/lib/api/types';
import { useWords } from '@/lib/i18n';
import { ActNotice } from '@/archive/ActNotice';
import { Segments } from '@/ui/choices/Segments';
import { Page } from '@/ui/Page';
import { UndoBar } from '@/ui/UndoBar';
import { Candidates } from './Candidates';
import { IDENTITY_KEYS, identityKeyParts } from './keys';
import { Merges } from './Merges';
import { Provisional } from './Provisional';
import { useDecisions } from './useDecisions';

type Kind = 'candidates' | 'provisional' | 'merges';

/** Who may be one person, who is known by images only, and what was made one. */
export function IdentityPage({ hospitals }: { hospitals: Organisation[] }) {
  const t = useWords();
  const { data: waiting } = useQuery(waitingQuery);
  const [chosen, setChosen] = useState<Kind | null>(null);
  const decisions = useDecisions(hospitals);
  const kind = chosen ?? (waiting && !waiting.candidates && waiting.provisional ? 'provisional' : 'candidates');
  const { done } = decisions;
  const label = (words: string, count: number | undefined) => (count === undefined ? words : `${words} ${count}`);
  const acts = (
    <>
      <Segments
        label={t('identity.title')}
        options={[
          { value: 'candidates', label: label(t('identity.candidates'), waiting?.candidates) },
          { value: 'provisional', label: label(t('identity.provisional'), waiting?.provisional) },
          { value: 'merges', label: t('identity.merges') },
        ]}
        value={kind}
        keys={IDENTITY_KEYS.view}
        onChange={setChosen}
      />
      <UndoBar what={done?.what ?? null} onUndo={() => void decisions.undoLast()} onPast={decisions.forget} />
    </>
  );
  return (
    <Page title={t('identity.title')} acts={acts} keys={identityKeyParts(t)}>
      <ActNotice error={decisions.error} />
      {kind === 'candidates' && <Candidates decisions={decisions} />}
      {kind === 'provisional' && <Provisional decisions={decisions} />}
      {kind === 'merges' && <Merges decisions={decisions} />}
    </Page>
  );
}
