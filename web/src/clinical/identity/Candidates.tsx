import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { IconArrowMerge, IconArrowsSplit2, IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import { candidatesQuery, type Pair, pairQuery } from '@/lib/api/identity';
import { useWords } from '@/lib/i18n';
import { hotkey } from '@/ui/hotkey';
import { once, useKeys } from '@/ui/useKeys';
import worklist from '@/ui/worklist.module.css';
import { IDENTITY_KEYS } from './keys';
import { Moving, useMoving } from './Moving';
import { PairTable } from './PairTable';
import { ReasonForm } from './ReasonForm';
import { findingWords, shownName } from './said';
import type { Decisions } from './useDecisions';
import { Worklist } from './Worklist';

/** Records that may be of one person: the same, or different? */
export function Candidates({ decisions }: { decisions: Decisions }) {
  const t = useWords();
  const query = useInfiniteQuery(candidatesQuery);
  return (
    <Worklist
      kind="candidates"
      query={query}
      keyOf={(pair) => pair.id}
      entryOf={(pair) => ({
        name: [pair.first, pair.second].map((person) => shownName(t, person)).join(' · '),
        line: findingWords(t, pair.findings),
        at: pair.found_at,
      })}
    >
      {(pair) => <Compared pair={pair} decisions={decisions} />}
    </Worklist>
  );
}

function Compared({ pair, decisions }: { pair: Pair; decisions: Decisions }) {
  const t = useWords();
  const { data } = useQuery(pairQuery(pair.id));
  const known = pair.first.is_provisional && !pair.second.is_provisional ? pair.second.id : pair.first.id;
  const [survivorId, setSurvivorId] = useState(known);
  const [isLinking, setIsLinking] = useState(false);
  const [survivor, retired] = survivorId === pair.first.id ? [pair.first, pair.second] : [pair.second, pair.first];
  const named = (person: Pair['first']) => ({ id: person.id, name: shownName(t, person) });
  const moving = useMoving(retired.id, decisions.codeOf(pair.organisation_id));
  const merge = () => moving && void decisions.merge(named(survivor), named(retired), pair.organisation_id);
  const keepApart = () => void decisions.keepApart(pair.id, shownName(t, pair.first), shownName(t, pair.second));
  useKeys({
    '1': () => setSurvivorId(pair.first.id),
    '2': () => setSurvivorId(pair.second.id),
    ArrowLeft: () => setSurvivorId(pair.first.id),
    ArrowRight: () => setSurvivorId(pair.second.id),
    // While a reason is asked for nothing else is decided, wherever the focus is.
    ...(!isLinking && {
      [IDENTITY_KEYS.decide]: once(merge),
      [IDENTITY_KEYS.different]: once(keepApart),
      [IDENTITY_KEYS.link]: once(() => setIsLinking(true)),
    }),
  });
  if (isLinking) {
    const link = (reason: string) => void decisions.link(named(pair.first), named(pair.second), reason, pair.organisation_id);
    return (
      <>
        <PairTable pair={pair} elsewhere={data?.elsewhere ?? [0, 0]} survivorId={survivorId} onSurvivor={setSurvivorId} />
        <div className={worklist.acts}>
          <ReasonForm why={t('identity.linkWhy')} means={t('identity.linkMeans')} act={t('identity.link')} isBusy={decisions.isBusy} onAct={link} onClose={() => setIsLinking(false)} />
        </div>
      </>
    );
  }
  return (
    <>
      <p className={worklist.why}>{t('identity.ask')}</p>
      <PairTable pair={pair} elsewhere={data?.elsewhere ?? [0, 0]} survivorId={survivorId} onSurvivor={setSurvivorId} />
      <div className={worklist.acts}>
        <Moving patient={retired} moving={moving} />
        <Button {...hotkey(t('identity.merge'), IDENTITY_KEYS.decide)} leftSection={<IconArrowMerge size={16} stroke={1.5} />} loading={decisions.isBusy} disabled={!moving} onClick={merge}>
          {t('identity.merge')} <kbd>{'Enter'}</kbd>
        </Button>
        <Button
          variant="default"
          {...hotkey(t('identity.link'), IDENTITY_KEYS.link)}
          leftSection={<IconLink size={16} stroke={1.5} />}
          disabled={decisions.isBusy}
          onClick={() => setIsLinking(true)}
        >
          {t('identity.link')} <kbd>L</kbd>
        </Button>
        <Button
          variant="default"
          {...hotkey(t('identity.different'), IDENTITY_KEYS.different)}
          leftSection={<IconArrowsSplit2 size={16} stroke={1.5} />}
          disabled={decisions.isBusy}
          onClick={keepApart}
        >
          {t('identity.different')} <kbd>D</kbd>
        </Button>
      </div>
    </>
  );
}
