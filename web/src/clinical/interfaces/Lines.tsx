import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import type { Way } from '@/lib/api/interfaces';
import type { Organisation } from '@/lib/api/types';
import { useLanguage, useWords } from '@/lib/i18n';
import { useHospitalName } from '@/lib/i18n/hospitals';
import { shownAgo, shownMoment } from '@/lib/moments';
import { saidKeys } from '@/ui/hotkey';
import { useInSight } from '@/ui/useRowsInHand';
import { Unknown } from '@/ui/Unknown';
import styles from './Interfaces.module.css';
import { INTERFACE_KEYS } from './keys';
import { type Line, STATE_SIGNS, stateOf } from './lines';
import { reasonWords } from './reasons';
import { Sparkline } from './Sparkline';

interface Props {
  way: Way;
  lines: Line[];
  hospitals: Organisation[];
  /** When the figures were counted. */
  now: number;
  inHand: Line | undefined;
  onFailed: (line: Line) => void;
  onEdit: (line: Line) => void;
}

const HEADS = ['state', 'system', 'lastHour', 'minute', 'hour', 'day', 'last', 'waiting', 'failed', 'act'] as const;

/** The systems of one way, each a row: how it is, how busy it was, when last, what waits. */
export function Lines({ way, lines, hospitals, now, inHand, onFailed, onEdit }: Props) {
  const t = useWords();
  return (
    <section className={styles.way}>
      <h2>{t(`interfaces.way.${way}`)}</h2>
      {lines.length === 0 ? (
        <p className={styles.none}>{t(`interfaces.none.${way}`)}</p>
      ) : (
        <table className={styles.lines}>
          <thead>
            <tr>
              {HEADS.map((head) => (
                <th key={head} scope="col" data-number={['minute', 'hour', 'day', 'waiting', 'failed'].includes(head)}>
                  {t(`interfaces.head.${head}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <Row
                key={line.id}
                line={line}
                now={now}
                isInHand={line === inHand}
                hospital={hospitals.length > 1 ? hospitals.find((one) => one.id === line.organisation) : undefined}
                onFailed={() => onFailed(line)}
                onEdit={() => onEdit(line)}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

interface RowProps {
  line: Line;
  now: number;
  isInHand: boolean;
  hospital: Organisation | undefined;
  onFailed: () => void;
  onEdit: () => void;
}

function Row({ line, now, isInHand, hospital, onFailed, onEdit }: RowProps) {
  const t = useWords();
  const nameOf = useHospitalName();
  const language = useLanguage();
  const { flow } = line;
  const ref = useInSight<HTMLTableRowElement>(isInHand);
  const toFailed = isInHand && saidKeys(INTERFACE_KEYS.failed);
  return (
    <tr ref={ref} aria-current={isInHand}>
      <td>
        <StateMark line={line} now={now} />
      </td>
      <th scope="row">
        <strong>{line.label}</strong>
        <span>
          <code>{line.names}</code>
          {line.address && <code>{line.address}</code>}
          {hospital && <span>{nameOf(hospital)}</span>}
        </span>
        {flow.trouble && flow.waiting_since && (
          <span className={styles.trouble} title={flow.trouble}>
            {reasonWords(t, flow.trouble)}
            <time dateTime={flow.waiting_since}>{t('interfaces.waitingSince', { ago: shownAgo(flow.waiting_since, now, language) })}</time>
            <Button size="compact-xs" variant="default" {...toFailed} onClick={onFailed} aria-label={t('interfaces.showWaitingOf', { name: line.label })}>
              {t('interfaces.showWaiting')}
            </Button>
          </span>
        )}
      </th>
      <td>
        <Sparkline series={flow.series} words={t('interfaces.inLastHour', { count: flow.hour })} />
      </td>
      <td data-number>{flow.minute}</td>
      <td data-number>{flow.hour}</td>
      <td data-number>{flow.day}</td>
      <td>{flow.last_at ? <Last at={flow.last_at} kind={flow.last_kind} now={now} /> : <Unknown reason={t('interfaces.never')} />}</td>
      <td data-number>{flow.waiting}</td>
      <td data-number>
        {flow.failed > 0 ? (
          <Button size="compact-sm" variant="default" className={styles.failed ?? ''} {...toFailed} onClick={onFailed} aria-label={t('interfaces.showFailed', { name: line.label, count: flow.failed })}>
            {flow.failed}
          </Button>
        ) : (
          0
        )}
      </td>
      <td>
        <Button size="compact-sm" variant="subtle" {...(isInHand && saidKeys(INTERFACE_KEYS.edit))} leftSection={<IconPencil size={14} stroke={1.5} />} onClick={onEdit} aria-label={t('interfaces.editNamed', { name: line.label })}>
          {t('interfaces.edit')}
        </Button>
      </td>
    </tr>
  );
}

/** How a line is: colour, sign and word. */
function StateMark({ line, now }: { line: Line; now: number }) {
  const t = useWords();
  const state = stateOf(line, now);
  const Sign = STATE_SIGNS[state];
  return (
    <span className={styles.state} data-state={state}>
      <Sign size={16} stroke={1.5} aria-hidden />
      {t(`interfaces.state.${state}`)}
    </span>
  );
}

function Last({ at, kind, now }: { at: string; kind: string; now: number }) {
  const language = useLanguage();
  return (
    <time dateTime={at} title={shownMoment(at)}>
      {shownAgo(at, now, language)} <code>{kind}</code>
    </time>
  );
}
