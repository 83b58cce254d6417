import { Button, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconCheck, IconCornerUpLeft, IconTool } from '@tabler/icons-react';
import { useState } from 'react';
import { type Quarantined, quarantinedQuery, type Said, settleQuarantine } from '@/lib/api/archive';
import { useDraft } from '@/lib/drafts/useDraft';
import { type TFunction, useWords } from '@/lib/i18n';
import { shownLength, shownMoment } from '@/lib/moments';
import { hotkey } from '@/ui/hotkey';
import { useAct } from '@/ui/useAct';
import { once, useKeys } from '@/ui/useKeys';
import { Wait } from '@/ui/Wait';
import worklist from '@/ui/worklist.module.css';
import { ActNotice } from '../ActNotice';
import { UNSETTLED_KEYS } from './keys';
import { Note } from './Note';
import { actWords, DATES, reasonWords, saidWords, shownSaid, toRepair } from './said';
import styles from './Unsettled.module.css';
import { useChoice } from './useChoice';
import { WorkList } from './WorkList';

const REPAIRABLE = ['patient_id', 'patient_name', 'patient_birth_date', 'accession_number', 'study_date', 'study_description'];

const DATE = /^(\d{4}-\d{2}-\d{2}|\d{8})?$/;

/** Why a value cannot be filed under, as the server would see it too. */
function faultOf(t: TFunction, key: string, value: string): string | null {
  if (key === 'patient_id' && !value.trim()) return t('unsettled.needed');
  return DATES.includes(key) && !DATE.test(value) ? t('unsettled.dateForm') : null;
}

/** Files that something is wrong with: file them as they are, repaired, or send them back. */
export function Quarantine({ rows }: { rows: Quarantined[] }) {
  const t = useWords();
  const choice = useChoice(rows);
  return (
    <div className={worklist.work}>
      <WorkList label={t('unsettled.quarantine')} rows={rows} choice={choice}>
        {(row) => (
          <>
            <strong>{row.source}</strong>
            <span>{reasonWords(t, row)}</span>
            <time dateTime={row.received_at}>{shownMoment(row.received_at)}</time>
          </>
        )}
      </WorkList>
      {choice.current && <Decision key={choice.current.id} row={choice.current} numbers={choice.numbers} />}
    </div>
  );
}

function Decision({ row, numbers }: { row: Quarantined; numbers: number[] }) {
  const t = useWords();
  const client = useQueryClient();
  const { data, isPending } = useQuery(quarantinedQuery(row.id));
  const { isBusy, error, run } = useAct();
  const [note, setNote] = useDraft(`quarantine/${row.id}`);
  const [repair, setRepair] = useState<Record<string, string>>({});
  const settle = (act: 'accept' | 'reject') =>
    void run(async () => {
      await settleQuarantine(numbers, act, note, act === 'accept' ? toRepair(repair) : {});
      setNote('');
      await client.invalidateQueries({ queryKey: ['unsettled'] });
    });
  const count = numbers.length;
  const isRepaired = Object.keys(repair).length > 0;
  const isFaulty = Object.entries(repair).some(([key, value]) => faultOf(t, key, value) !== null);
  const mayFile = !isBusy && data?.says && !isFaulty;
  useKeys({
    ...(mayFile && { [UNSETTLED_KEYS.file]: once(() => settle('accept')) }),
    ...(!isBusy && note.trim() && { [UNSETTLED_KEYS.reject]: once(() => settle('reject')) }),
  });
  return (
    <section className={worklist.detail}>
      <p className={worklist.why}>{reasonWords(t, row)}</p>
      <p className={styles.facts}>
        {row.source} · {shownMoment(row.received_at)} · {shownLength(row.length)}
      </p>
      {isPending && <Wait what={t('wait.loading')} />}
      {data && !data.says && <p className={styles.facts}>{t('unsettled.unreadable')}</p>}
      {data?.says && <Repair says={data.says} repair={repair} onRepair={setRepair} />}
      <Note value={note} onChange={setNote} />
      <ActNotice error={error} />
      <div className={worklist.acts}>
        <Button
          {...hotkey(t('unsettled.accept'), UNSETTLED_KEYS.file)}
          leftSection={isRepaired ? <IconTool size={16} stroke={1.5} /> : <IconCheck size={16} stroke={1.5} />}
          loading={isBusy}
          disabled={!data?.says || isFaulty}
          onClick={() => settle('accept')}
        >
          {isRepaired ? actWords(t, 'repair', count) : actWords(t, 'accept', count)}
        </Button>
        <Button variant="default" {...hotkey(t('unsettled.reject'), UNSETTLED_KEYS.reject)} leftSection={<IconCornerUpLeft size={16} stroke={1.5} />} disabled={isBusy || !note.trim()} onClick={() => settle('reject')}>
          {actWords(t, 'reject', count)}
        </Button>
        <span>{t('unsettled.fileStays')}</span>
      </div>
    </section>
  );
}

interface RepairProps {
  says: Said;
  repair: Record<string, string>;
  onRepair: (repair: Record<string, string>) => void;
}

/** What the file says, to be filed under something else where it is wrong; the file itself is never changed. */
function Repair({ says, repair, onRepair }: RepairProps) {
  const t = useWords();

  function write(key: string, value: string): void {
    const { [key]: _, ...others } = repair;
    onRepair(value === shownSaid(says, key) ? others : { ...others, [key]: value });
  }

  return (
    <div className={styles.repair}>
      {REPAIRABLE.map((key) => (
        <TextInput
          key={key}
          label={saidWords(t, key)}
          value={repair[key] ?? shownSaid(says, key)}
          error={repair[key] === undefined ? null : faultOf(t, key, repair[key])}
          onChange={(event) => write(key, event.currentTarget.value)}
        />
      ))}
    </div>
  );
}
