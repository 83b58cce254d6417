import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconCircleCheck, IconPencil, IconRefresh, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { ActNotice } from '@/archive/ActNotice';
import { ProblemNotice } from '@/archive/ProblemNotice';
import { useChoice } from '@/archive/unsettled/useChoice';
import { WorkList } from '@/archive/unsettled/WorkList';
import {
  correctMessage,
  dismissMessages,
  failedQuery,
  interfacesKey,
  type Message,
  messageQuery,
  replayMessages,
  type Troubled,
  type Way,
} from '@/lib/api/interfaces';
import { useWords } from '@/lib/i18n';
import { shownMoment } from '@/lib/moments';
import { EmptyState } from '@/ui/EmptyState';
import { hotkey } from '@/ui/hotkey';
import { useAct } from '@/ui/useAct';
import { once, useKeys } from '@/ui/useKeys';
import { Wait } from '@/ui/Wait';
import worklist from '@/ui/worklist.module.css';
import { Correction } from './Correction';
import styles from './Interfaces.module.css';
import { INTERFACE_KEYS } from './keys';
import type { Line } from './lines';
import { MessageText } from './MessageText';
import { reasonWords } from './reasons';

interface Props {
  way: Way;
  /** Of which line alone; null is of all. */
  line: Line | null;
  lines: Line[];
}

/** Messages that wait for a person: at the left which, at the right the one that is looked at, and what can be done. */
export function Failed({ way, line, lines }: Props) {
  const t = useWords();
  const query = useInfiniteQuery(failedQuery(way, line?.id ?? null));
  const rows = query.data?.pages.flat() ?? [];
  if (query.isPending) return <Wait what={t('wait.loading')} />;
  return (
    <>
      {query.error && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && rows.length === 0 && <EmptyState icon={IconCircleCheck} title={t('interfaces.noneFailed')} line={t(`interfaces.whatFailed.${way}`)} />}
      {rows.length > 0 && <Worked way={way} rows={rows} lines={lines} onMore={query.hasNextPage ? () => void query.fetchNextPage() : null} />}
    </>
  );
}

interface WorkedProps {
  way: Way;
  rows: Troubled[];
  lines: Line[];
  onMore: (() => void) | null;
}

function Worked({ way, rows, lines, onMore }: WorkedProps) {
  const t = useWords();
  const choice = useChoice(rows);
  const labelOf = (number: number) => lines.find((line) => line.way === way && line.id === number)?.label;
  return (
    <div className={worklist.work}>
      <div className={styles.list}>
        <WorkList label={t(`interfaces.failedOf.${way}`)} rows={rows} choice={choice}>
          {(row) => (
            <>
              <strong>{row.kind || t('interfaces.noKind')}</strong>
              <span>{row.reason ? reasonWords(t, row.reason) : t('interfaces.behind')}</span>
              <time dateTime={row.at}>
                {labelOf(row.line) ?? t('interfaces.removedLine')} · {shownMoment(row.at)}
              </time>
            </>
          )}
        </WorkList>
        {onMore && (
          <Button variant="default" m="md" onClick={onMore}>
            {t('interfaces.older')}
          </Button>
        )}
      </div>
      {choice.current && <Detail key={choice.current.id} way={way} row={choice.current} chosen={rows.filter((row) => choice.numbers.includes(row.id))} label={labelOf(choice.current.line)} />}
    </div>
  );
}

interface DetailProps {
  way: Way;
  row: Troubled;
  chosen: Troubled[];
  label: string | undefined;
}

function Detail({ way, row, chosen, label }: DetailProps) {
  const t = useWords();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(messageQuery(way, row.id));
  const [isEditing, setIsEditing] = useState(false);
  const facts = [label, shownMoment(row.at), row.control_id && `MSH-10 ${row.control_id}`, t('interfaces.tries', { count: row.tries })];

  async function apply(text: string): Promise<void> {
    await correctMessage(way, row.id, text);
    await client.invalidateQueries(interfacesKey);
  }

  return (
    <section className={worklist.detail}>
      <p className={styles.why} title={row.reason}>
        {row.reason ? reasonWords(t, row.reason) : t('interfaces.behind')}
      </p>
      <p className={styles.quiet}>{facts.filter(Boolean).join(' · ')}</p>
      {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Wait what={t('wait.loading')} />}
      {data && isEditing && <Correction way={way} text={data.text.text} onApply={apply} onClose={() => setIsEditing(false)} />}
      {data && !isEditing && (
        <>
          <Texts message={data} />
          <Acts way={way} chosen={chosen} hasText={data.text.text !== ''} onEdit={() => setIsEditing(true)} />
        </>
      )}
    </section>
  );
}

function Texts({ message: { text, answer } }: { message: Message }) {
  const t = useWords();
  if (!text.text) return <p className={styles.quiet}>{t('interfaces.noText')}</p>;
  return (
    <>
      {text.fault && <p className={styles.late}>{t('interfaces.unreadable')}</p>}
      <MessageText text={text.text} label={t('interfaces.message')} />
      {text.charset && <p className={styles.quiet}>{t('interfaces.charsetIs', { charset: text.charset })}</p>}
      {answer && (
        <>
          <h3 className={styles.small}>{t('interfaces.answer')}</h3>
          <MessageText text={answer.text} label={t('interfaces.answer')} />
        </>
      )}
    </>
  );
}

interface ActsProps {
  way: Way;
  /** The messages that an act is for. */
  chosen: Troubled[];
  hasText: boolean;
  onEdit: () => void;
}

function Acts({ way, chosen, hasText, onEdit }: ActsProps) {
  const t = useWords();
  const client = useQueryClient();
  const { isBusy, error, run } = useAct();
  const count = chosen.length;
  const isWaiting = chosen.some((row) => row.state === 'waiting');
  const isSuperseded = chosen.some((row) => row.is_superseded);
  const isFixed = isBusy || isWaiting || isSuperseded;
  const settle = (act: (way: Way, numbers: number[]) => Promise<unknown>) =>
    void run(async () => {
      await act(
        way,
        chosen.map((row) => row.id),
      );
      await client.invalidateQueries(interfacesKey);
    });
  const mayCorrect = !isFixed && count === 1 && hasText;
  useKeys({
    ...(!isFixed && { [INTERFACE_KEYS.replay]: once(() => settle(replayMessages)) }),
    ...(mayCorrect && { [INTERFACE_KEYS.correct]: onEdit }),
    ...(!isBusy && { [INTERFACE_KEYS.dismiss]: once(() => settle(dismissMessages)) }),
  });
  return (
    <>
      <ActNotice error={error} />
      {isSuperseded && <p className={styles.late}>{t('interfaces.isSuperseded')}</p>}
      {isWaiting && <p className={styles.late}>{t('interfaces.isWaiting')}</p>}
      <div className={worklist.acts}>
        <Button {...hotkey(t(`interfaces.replay.${way}`, { count }), INTERFACE_KEYS.replay)} leftSection={<IconRefresh size={16} stroke={1.5} />} loading={isBusy} disabled={isFixed} onClick={() => settle(replayMessages)}>
          {t(`interfaces.replay.${way}`, { count })} <kbd aria-hidden>R</kbd>
        </Button>
        <Button variant="default" {...hotkey(t('interfaces.correct'), INTERFACE_KEYS.correct)} leftSection={<IconPencil size={16} stroke={1.5} />} disabled={!mayCorrect} onClick={onEdit}>
          {t('interfaces.correct')} <kbd aria-hidden>E</kbd>
        </Button>
        <Button variant="subtle" {...hotkey(t('interfaces.dismiss', { count }), INTERFACE_KEYS.dismiss)} leftSection={<IconX size={16} stroke={1.5} />} disabled={isBusy} onClick={() => settle(dismissMessages)}>
          {t('interfaces.dismiss', { count })} <kbd aria-hidden>D</kbd>
        </Button>
        <span>{t('interfaces.originalStays')}</span>
      </div>
    </>
  );
}
