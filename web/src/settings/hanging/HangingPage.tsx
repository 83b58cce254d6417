import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconCopy, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { ProblemNotice } from '@/archive/ProblemNotice';
import { hangingProtocolsQuery, type Home, keepHangingProtocol, removeHangingProtocol } from '@/lib/api/hanging';
import type { Organisation } from '@/lib/api/types';
import type { HangingProtocol } from '@/lib/hanging/types';
import { useWords } from '@/lib/i18n';
import { useHospitalName } from '@/lib/i18n/hospitals';
import { hotkey } from '@/ui/hotkey';
import { Page } from '@/ui/Page';
import { UndoBar } from '@/ui/UndoBar';
import { useKeys } from '@/ui/useKeys';
import { Wait } from '@/ui/Wait';
import { Editor } from './Editor';
import { newId, newProtocol } from './edits';
import styles from './Hanging.module.css';
import { HANGING_KEYS, hangingKeyParts } from './keys';
import { inOrder, keyOf, ProtocolList } from './ProtocolList';

interface Props {
  /** The hospitals that one decides for. */
  hospitals: Organisation[];
}

const homeOf = ({ owner, organisation }: HangingProtocol): Home =>
  owner === 'hospital' ? { owner, organisation: organisation ?? '' } : { owner: 'mine' };

const copyOf = (protocol: HangingProtocol, home: Home): HangingProtocol => ({ ...structuredClone(protocol), id: newId(), organisation: null, ...home });

/** Changes that are not saved yet, by the protocol's key: they stay while another one is looked at. */
type Drafts = ReadonlyMap<string, HangingProtocol>;

/** Hanging protocols: one's own, the hospital's, and those that come with the house. */
export function HangingPage({ hospitals }: Props) {
  const t = useWords();
  const client = useQueryClient();
  const { data: kept, error, refetch } = useQuery(hangingProtocolsQuery);
  const [fresh, setFresh] = useState<HangingProtocol | null>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const [removed, setRemoved] = useState<HangingProtocol | null>(null);
  const [drafts, setDrafts] = useState<Drafts>(new Map());
  const all = inOrder([...(fresh ? [fresh] : []), ...(kept ?? [])]);
  const shown = all.find((one) => keyOf(one) === current) ?? all[0];
  const step = (by: number) => () => {
    const next = all[all.findIndex((one) => one === shown) + by];
    if (next) setCurrent(keyOf(next));
  };
  useKeys({ j: step(1), ArrowDown: step(1), k: step(-1), ArrowUp: step(-1), [HANGING_KEYS.add]: addNew, ...(shown && { [HANGING_KEYS.copy]: () => begin(copyOf(shown, { owner: 'mine' })) }) });
  if (error && !kept) return <ProblemNotice error={error} onRetry={() => void refetch()} />;

  const again = () => client.invalidateQueries(hangingProtocolsQuery);
  const mayChange = (one: HangingProtocol) =>
    one.owner === 'mine' || (one.owner === 'hospital' && hospitals.some(({ code }) => code === one.organisation));

  function keepDraft(key: string, draft: HangingProtocol | null): void {
    setDrafts((before) => {
      if (before.get(key) === (draft ?? undefined)) return before;
      const next = new Map(before);
      if (draft) next.set(key, draft);
      else next.delete(key);
      return next;
    });
  }

  function addNew(): void {
    begin(newProtocol(newId(), t('hanging.new'), t('hanging.newStage', { number: 1 })));
  }

  function begin(protocol: HangingProtocol): void {
    setFresh(protocol);
    setCurrent(keyOf(protocol));
  }

  async function save(protocol: HangingProtocol): Promise<void> {
    await keepHangingProtocol(protocol, homeOf(protocol));
    await again();
    if (protocol.id === fresh?.id) setFresh(null);
  }

  async function remove(protocol: HangingProtocol): Promise<void> {
    if (protocol === fresh) return setFresh(null);
    await removeHangingProtocol(protocol.id, homeOf(protocol));
    setRemoved(protocol);
    await again();
  }

  async function bringBack(): Promise<void> {
    if (removed) await save(removed);
    setRemoved(null);
  }

  const acts = (
    <>
      <Button size="sm" variant="default" {...hotkey(t('hanging.new'), HANGING_KEYS.add)} leftSection={<IconPlus size={16} stroke={1.5} aria-hidden />} onClick={addNew}>
        {t('hanging.add')}
      </Button>
      {shown && <Copies protocol={shown} hospitals={hospitals} onCopy={begin} />}
      <UndoBar what={removed && t('hanging.removed')} onUndo={() => void bringBack()} onPast={() => setRemoved(null)} />
    </>
  );
  return (
    <Page title={t('hanging.title')} acts={acts} keys={hangingKeyParts(t)}>
      {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!kept && <Wait what={t('wait.loading')} />}
      {kept && shown && (
        <div className={styles.split}>
          <ProtocolList protocols={all} current={keyOf(shown)} changed={new Set(drafts.keys())} onCurrent={setCurrent} />
          <Editor key={keyOf(shown)} protocol={shown} draft={drafts.get(keyOf(shown)) ?? null} onDraft={keepDraft} isNew={shown === fresh} isOff={!mayChange(shown)} onSave={save} onRemove={() => void remove(shown)} />
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
