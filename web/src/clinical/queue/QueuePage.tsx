import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconDeviceTv, IconPlus, IconUserPlus, IconUsersGroup } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { ActNotice } from '@/archive/ActNotice';
import { ProblemNotice } from '@/archive/ProblemNotice';
import { type Queue, queuesQuery } from '@/lib/api/queues';
import type { Organisation } from '@/lib/api/types';
import { useWords } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { hotkey, saidKeys } from '@/ui/hotkey';
import { Page } from '@/ui/Page';
import { useKeys } from '@/ui/useKeys';
import { Wait } from '@/ui/Wait';
import { Board } from './Board';
import { CheckIn } from './CheckIn';
import { QUEUE_KEYS, queueKeyParts } from './keys';
import { NewQueue } from './NewQueue';
import { Places } from './Places';
import styles from './Queue.module.css';
import { useQueueActs, useQueueNews } from './useQueueActs';

interface Props {
  /** Those in which the person may open queues, and those in which they may call. */
  opening: Organisation[];
  calling: Organisation[];
}

type Open = 'queue' | 'checkIn' | 'board' | null;

/** Who waits for what, and who is called to which room; made for a finger. */
export function QueuePage({ opening, calling }: Props) {
  const t = useWords();
  const { data: queues, error, isPending, refetch } = useQuery(queuesQuery);
  const [chosen, setChosen] = useState<number | null>(null);
  const [room, setRoom] = useRoom();
  const [open, setOpen] = useState<Open>(null);
  const roomField = useRef<HTMLInputElement>(null);
  const acts = useQueueActs();
  useQueueNews();
  const queue = queues?.find((one) => one.id === chosen) ?? queues?.[0];
  const mayCall = queue !== undefined && calling.some((one) => one.id === queue.organisation_id);
  const step = (by: number) => () => {
    const next = queues?.[queues.findIndex((one) => one.id === queue?.id) + by];
    if (next) setChosen(next.id);
  };
  useKeys({
    ...(open === null && queue && { [QUEUE_KEYS.queue[0]]: step(-1), [QUEUE_KEYS.queue[1]]: step(1), [QUEUE_KEYS.room]: () => roomField.current?.select(), [QUEUE_KEYS.board]: () => setOpen('board') }),
    ...(open === null && mayCall && { [QUEUE_KEYS.checkIn]: () => setOpen('checkIn') }),
    ...(open === null && opening.length > 0 && { [QUEUE_KEYS.open]: () => setOpen('queue') }),
  });
  if (queue && open === 'board') return <Board queue={queue.id} onClose={() => setOpen(null)} />;
  return (
    <Page
      title={t('queue.title')}
      keys={queueKeyParts(t)}
      acts={<PageActs hasQueue={queue !== undefined} mayCall={mayCall} mayOpen={opening.length > 0} onOpen={setOpen} />}
    >
      {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Wait what={t('wait.loading')} />}
      {queues?.length === 0 && <EmptyState icon={IconUsersGroup} title={t('queue.empty.title')} line={t('queue.empty.line')} />}
      {queue && queues && (
        <div className={styles.page}>
          <div className={styles.top}>
            <Choice queues={queues} current={queue.id} onChoose={setChosen} />
            <TextInput
              ref={roomField}
              size="md"
              {...saidKeys(QUEUE_KEYS.room)}
              label={t('queue.room')}
              placeholder={t('queue.roomExample')}
              maxLength={32}
              value={room}
              onChange={(event) => setRoom(event.currentTarget.value)}
              onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
            />
          </div>
          <ActNotice error={acts.error} />
          <Places queue={queue} room={room.trim()} mayCall={mayCall} acts={acts} />
        </div>
      )}
      {open === 'queue' && <NewQueue hospitals={opening} onClose={() => setOpen(null)} />}
      {queue && open === 'checkIn' && (
        <CheckIn queue={queue} hospital={calling.find((one) => one.id === queue.organisation_id)?.code ?? ''} onClose={() => setOpen(null)} />
      )}
    </Page>
  );
}

interface PageActsProps {
  hasQueue: boolean;
  mayCall: boolean;
  mayOpen: boolean;
  onOpen: (what: Open) => void;
}

function PageActs({ hasQueue, mayCall, mayOpen, onOpen }: PageActsProps) {
  const t = useWords();
  return (
    <>
      <span className={styles.spacer} />
      {hasQueue && (
        <Button size="md" variant="default" {...hotkey(t('queue.board'), QUEUE_KEYS.board)} leftSection={<IconDeviceTv size={20} stroke={1.5} />} onClick={() => onOpen('board')}>
          {t('queue.board')}
        </Button>
      )}
      {mayCall && (
        <Button size="md" variant="default" {...hotkey(t('queue.checkIn'), QUEUE_KEYS.checkIn)} leftSection={<IconUserPlus size={20} stroke={1.5} />} onClick={() => onOpen('checkIn')}>
          {t('queue.checkIn')}
        </Button>
      )}
      {mayOpen && (
        <Button size="md" variant={hasQueue ? 'subtle' : 'filled'} {...hotkey(t('queue.open'), QUEUE_KEYS.open)} leftSection={<IconPlus size={20} stroke={1.5} />} onClick={() => onOpen('queue')}>
          {t('queue.open')}
        </Button>
      )}
    </>
  );
}

const ROOM = 'lightwell.queue.room';

/** The room that calls, as this machine knows it: it stands in one. */
function useRoom(): [string, (room: string) => void] {
  const [room, setRoom] = useState(() => localStorage.getItem(ROOM) ?? '');
  const keep = (next: string) => {
    localStorage.setItem(ROOM, next.trim());
    setRoom(next);
  };
  return [room, keep];
}

function Choice({ queues, current, onChoose }: { queues: Queue[]; current: number; onChoose: (queue: number) => void }) {
  const t = useWords();
  return (
    <div className={styles.choice} role="group" aria-label={t('queue.queues')}>
      {queues.map((queue) => (
        <button key={queue.id} type="button" aria-pressed={queue.id === current} {...saidKeys(...QUEUE_KEYS.queue)} onClick={() => onChoose(queue.id)}>
          <strong>{queue.name}</strong>
          <span>{t('queue.waitingCount', { count: queue.waiting })}</span>
        </button>
      ))}
    </div>
  );
}
