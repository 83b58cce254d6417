import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconArrowBackUp } from '@tabler/icons-react';
import { type Merged, mergesQuery } from '@/lib/api/identity';
import { useWords } from '@/lib/i18n';
import { shownMoment } from '@/lib/moments';
import { hotkey } from '@/ui/hotkey';
import { once, useKeys } from '@/ui/useKeys';
import worklist from '@/ui/worklist.module.css';
import styles from './Identity.module.css';
import { IDENTITY_KEYS } from './keys';
import { shownName } from './said';
import type { Decisions } from './useDecisions';
import { Worklist } from './Worklist';

/** What was made one, each with the way back. */
export function Merges({ decisions }: { decisions: Decisions }) {
  const t = useWords();
  const query = useInfiniteQuery(mergesQuery);
  return (
    <Worklist
      kind="merges"
      query={query}
      keyOf={(merged) => merged.id}
      entryOf={(merged) => ({
        name: shownName(t, merged.survivor),
        line: t(merged.undone_at ? 'identity.wasUndone' : 'identity.stands'),
        at: merged.merged_at,
      })}
    >
      {(merged) => <Detail merged={merged} decisions={decisions} />}
    </Worklist>
  );
}

function Detail({ merged, decisions }: { merged: Merged; decisions: Decisions }) {
  const t = useWords();
  const undo = () => void decisions.undo(merged.id);
  useKeys(merged.undone_at ? {} : { [IDENTITY_KEYS.undoMerge]: once(undo) });
  const [survivor, retired] = [shownName(t, merged.survivor), shownName(t, merged.retired)];
  return (
    <>
      <p className={worklist.why}>{t('identity.merged', { retired, survivor })}</p>
      <p className={styles.quiet}>
        {t('identity.mergedBy', { who: merged.merged_by, when: shownMoment(merged.merged_at), count: merged.moved })}
      </p>
      {merged.undone_at ? (
        <p className={styles.quiet}>{t('identity.undoneBy', { who: merged.undone_by ?? '', when: shownMoment(merged.undone_at) })}</p>
      ) : (
        <div className={worklist.acts}>
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={16} stroke={1.5} />}
            loading={decisions.isBusy}
            {...hotkey(t('identity.undo'), IDENTITY_KEYS.undoMerge)}
            onClick={undo}
          >
            {t('identity.undo')} <kbd aria-hidden>R</kbd>
          </Button>
          <span className={styles.moving}>{t('identity.undoMeans')}</span>
        </div>
      )}
    </>
  );
}
