import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconArrowsExchange, IconShieldCheck } from '@tabler/icons-react';
import { type Comparison, type Conflict, comparisonQuery, type Said, settleConflicts, type Side } from '@/lib/api/archive';
import { useDraft } from '@/lib/drafts/useDraft';
import { useWords } from '@/lib/i18n';
import { shownLength, shownMoment } from '@/lib/moments';
import { hotkey } from '@/ui/hotkey';
import { useAct } from '@/ui/useAct';
import { once, useKeys } from '@/ui/useKeys';
import { Wait } from '@/ui/Wait';
import worklist from '@/ui/worklist.module.css';
import { ActNotice } from '../ActNotice';
import { ProblemNotice } from '../ProblemNotice';
import { UNSETTLED_KEYS } from './keys';
import { Note } from './Note';
import { actWords, saidWords, shownSaid } from './said';
import styles from './Unsettled.module.css';
import { useChoice } from './useChoice';
import { WorkList } from './WorkList';

/** The same image came twice with other content: which of the two is it? */
export function Conflicts({ rows }: { rows: Conflict[] }) {
  const t = useWords();
  const client = useQueryClient();
  const choice = useChoice(rows);
  const { isBusy, error, run } = useAct();
  const [note, setNote] = useDraft(`conflict/${choice.current?.id ?? ''}`);
  const settle = (keep: 'standing' | 'arrived') =>
    void run(async () => {
      await settleConflicts(choice.numbers, keep, note);
      setNote('');
      await client.invalidateQueries({ queryKey: ['unsettled'] });
    });
  useKeys(isBusy ? {} : { [UNSETTLED_KEYS.keep]: once(() => settle('standing')), [UNSETTLED_KEYS.take]: once(() => settle('arrived')) });
  return (
    <div className={worklist.work}>
      <WorkList label={t('unsettled.conflicts')} rows={rows} choice={choice}>
        {(row) => (
          <>
            <strong>{row.patient_name.replaceAll('^', ' ') || row.patient_id}</strong>
            <span>{row.arrived.source}</span>
            <time dateTime={row.arrived.received_at}>{shownMoment(row.arrived.received_at)}</time>
          </>
        )}
      </WorkList>
      <section className={worklist.detail}>
        <p className={worklist.why}>{t('unsettled.what.conflicts')}</p>
        {choice.current && <Compared number={choice.current.id} />}
        <Note value={note} onChange={setNote} />
        <ActNotice error={error} />
        <div className={worklist.acts}>
          <Button {...hotkey(t('unsettled.keepStanding'), UNSETTLED_KEYS.keep)} leftSection={<IconShieldCheck size={16} stroke={1.5} />} loading={isBusy} onClick={() => settle('standing')}>
            {actWords(t, 'keepStanding', choice.numbers.length)}
          </Button>
          <Button
            variant="default"
            {...hotkey(t('unsettled.takeArrived'), UNSETTLED_KEYS.take)}
            leftSection={<IconArrowsExchange size={16} stroke={1.5} />}
            disabled={isBusy}
            onClick={() => settle('arrived')}
          >
            {actWords(t, 'takeArrived', choice.numbers.length)}
          </Button>
          <span>{t('unsettled.bothStay')}</span>
        </div>
      </section>
    </div>
  );
}

function Compared({ number }: { number: number }) {
  const t = useWords();
  const { data, error, refetch } = useQuery(comparisonQuery(number));
  if (error) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Wait what={t('wait.loading')} />;
  return <Table comparison={data} />;
}

function Table({ comparison: { standing, arrived } }: { comparison: Comparison }) {
  const t = useWords();
  return (
    <table className={styles.compare}>
      <thead>
        <tr>
          <th scope="col">{t('unsettled.attribute')}</th>
          <th scope="col">{t('unsettled.standing')}</th>
          <th scope="col">{t('unsettled.arrived')}</th>
        </tr>
      </thead>
      <tbody>
        <Line words={t('unsettled.source')} sides={[standing, arrived]} value={(side) => side.source} />
        <Line words={t('unsettled.when')} sides={[standing, arrived]} value={(side) => shownMoment(side.received_at)} />
        <Line words={t('unsettled.length')} sides={[standing, arrived]} value={(side) => shownLength(side.length)} />
        {Object.keys(standing.says).map((key) => (
          <Line key={key} words={saidWords(t, key)} sides={[standing, arrived]} value={(side) => said(side.says, key)} isTold />
        ))}
      </tbody>
    </table>
  );
}

const said = (says: Said, key: string) => shownSaid(says, key).replaceAll('^', ' ');

interface LineProps {
  words: string;
  sides: [Side, Side];
  value: (side: Side) => string;
  /** Whether a difference is what the conflict is about. */
  isTold?: boolean;
}

function Line({ words, sides, value, isTold = false }: LineProps) {
  const [first, second] = sides.map(value);
  return (
    <tr data-differs={isTold && first !== second}>
      <th scope="row">{words}</th>
      <td>{first || '–'}</td>
      <td>{second || '–'}</td>
    </tr>
  );
}
