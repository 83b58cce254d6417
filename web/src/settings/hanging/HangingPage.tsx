import { Button } from '@mantine/core';
import { IconCopy, IconPlus } from '@tabler/icons-react';
import { ProblemNotice } from '@/archive/ProblemNotice';
import type { Home } from '@/lib/api/hanging';
import type { Organisation } from '@/lib/api/types';
import type { HangingProtocol } from '@/lib/hanging/types';
import { useWords } from '@/lib/i18n';
import { useHospitalName } from '@/lib/i18n/hospitals';
import { hotkey } from '@/ui/hotkey';
import { Page } from '@/ui/Page';
import { UndoBar } from '@/ui/UndoBar';
import { once, useKeys } from '@/ui/useKeys';
import { Wait } from '@/ui/Wait';
import { Editor } from './Editor';
import { newId, newProtocol } from './edits';
import styles from './Hanging.module.css';
import { HANGING_KEYS, hangingKeyParts } from './keys';
import { keyOf, ProtocolList } from './ProtocolList';
import { useProtocols } from './useProtocols';

interface Props {
  /** The hospitals that one decides for. */
  hospitals: Organisation[];
}

const copyOf = (protocol: HangingProtocol, home: Home): HangingProtocol => ({ ...structuredClone(protocol), id: newId(), organisation: null, ...home });

/** Hanging protocols: one's own, the hospital's, and those that come with the house. */
export function HangingPage({ hospitals }: Props) {
  const t = useWords();
  const { all, shown, drafts, lastRemoved, isPending, error, refetch, ...protocols } = useProtocols();
  const step = (by: number) => () => {
    const next = all[all.findIndex((one) => one === shown) + by];
    if (next) protocols.show(keyOf(next));
  };
  const addNew = () => protocols.begin(newProtocol(newId(), t('hanging.new'), t('hanging.newStage', { number: 1 })));
  useKeys({
    j: step(1),
    ArrowDown: step(1),
    k: step(-1),
    ArrowUp: step(-1),
    [HANGING_KEYS.add]: once(addNew),
    ...(shown && { [HANGING_KEYS.copy]: once(() => protocols.begin(copyOf(shown, { owner: 'mine' }))) }),
  });
  if (error && isPending) return <ProblemNotice error={error} onRetry={() => void refetch()} />;

  const mayChange = (one: HangingProtocol) =>
    one.owner === 'mine' || (one.owner === 'hospital' && hospitals.some(({ code }) => code === one.organisation));
  const acts = (
    <>
      <Button size="sm" variant="default" {...hotkey(t('hanging.new'), HANGING_KEYS.add)} leftSection={<IconPlus size={16} stroke={1.5} aria-hidden />} onClick={addNew}>
        {t('hanging.add')}
      </Button>
      {shown && <Copies protocol={shown} hospitals={hospitals} onCopy={protocols.begin} />}
      <UndoBar key={lastRemoved?.protocol.id} what={lastRemoved ? t('hanging.removed') : null} onUndo={() => void protocols.bringBack()} onPast={protocols.forgetRemoved} />
    </>
  );
  return (
    <Page title={t('hanging.title')} acts={acts} keys={hangingKeyParts(t)}>
      {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Wait what={t('wait.loading')} />}
      {!isPending && shown && (
        <div className={styles.split}>
          <ProtocolList protocols={all} current={keyOf(shown)} changed={new Set(drafts.keys())} onCurrent={protocols.show} />
          <Editor
            key={keyOf(shown)}
            protocol={shown}
            draft={drafts.get(keyOf(shown)) ?? null}
            onDraft={protocols.keepDraft}
            isNew={protocols.isNew(shown)}
            isOff={!mayChange(shown)}
            onSave={protocols.save}
            onRemove={() => protocols.remove(shown)}
          />
        </div>
      )}
    </Page>
  );
}

/** Any protocol begins another: for oneself, or for a hospital that one decides for. */
function Copies({ protocol, hospitals, onCopy }: { protocol: HangingProtocol; hospitals: Organisation[]; onCopy: (copy: HangingProtocol) => void }) {
  const t = useWords();
  const nameOf = useHospitalName();
  const copy = (home: Home) => onCopy(copyOf(protocol, home));
  const icon = <IconCopy size={16} stroke={1.5} aria-hidden />;
  return (
    <>
      <Button size="sm" variant="default" {...hotkey(t('hanging.copy'), HANGING_KEYS.copy)} leftSection={icon} onClick={() => copy({ owner: 'mine' })}>
        {t('hanging.copy')}
      </Button>
      {hospitals.map((one) => (
        <Button key={one.id} size="sm" variant="default" leftSection={icon} onClick={() => copy({ owner: 'hospital', organisation: one.code })}>
          {t('hanging.copyFor', { hospital: nameOf(one) })}
        </Button>
      ))}
    </>
  );
}
