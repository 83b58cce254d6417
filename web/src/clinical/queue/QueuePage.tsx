import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconDeviceTv, IconPlus, IconUserPlus, IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import { ActNotice } from '@/archive/ActNotice';
import { ProblemNotice } from '@/archive/ProblemNotice';
import { type Queue, queuesQuery } from '@/lib/api/queues';
import type { Organisation } from '@/lib/api/types';
import { useWords } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Wait } from '@/ui/Wait';
import { Board } from './Board';
import { CheckIn } from './CheckIn';
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
  const acts = useQueueActs();
  useQueueNews();
  const queue = queues?.find((one) => one.id === chosen) ?? queues?.[0];
  const mayCall = queue !== undefined && calling.some((one) => one.id === queue.organisation_id);
  if (queue && open === 'board') return <Board queue={queue.id} onClose={() => setOpen(null)} />;
  return (
    <Page
      title={t('queue.title')}
      acts={
        <>
          <span className={styles.spacer} />
          {queue && (
            <Button size="md" variant="default" leftSection={<IconDeviceTv size={20} stroke={1.5} />} onClick={() => setOpen('board')}>
              {t('queue.board')}
            </Button>
          )}
          {mayCall && (
            <Button size="md" variant="default" leftSection={<IconUserPlus size={20} stroke={1.5} />} onClick={() => setOpen('checkIn')}>
              {t('queue.checkIn')}
            </Button>
          )}
          {opening.length > 0 && (
            <Button size="md" variant={queue ? 'subtle' : 'filled'} leftSection={<IconPlus size={20} stroke={1.5} />} onClick={() => setOpen('queue')}>
              {t('queue.open')}
            </Button>
          )}
        </>
      }
    >
      {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Wait what={t('wait.loading')} />}
      {queues?.length === 0 && <EmptyState icon={IconUsersGroup} title={t('queue.empty.title')} line={t('queue.empty.line')} />}
      {queue && queues && (
        <div className={styles.page}>
          <div className={styles.top}>
            <Choice queues={queues} current={queue.id} onChoose={setChosen} />
            <TextInput
              size="md"
              label={t('queue.room')}
              placeholder={t('queue.roomExample')}
              maxLength={32}
              value={room}
              onChange={(event) => setRoom(event.currentTarget.value)}
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
        <button key={queue.id} type="button" aria-pressed={queue.id === current} onClick={() => onChoose(queue.id)}>
          <strong>{queue.name}</strong>
          <span>{t('queue.waitingCount', { count: queue.waiting })}</span>
        </button>
      ))}
    </div>
  );
}
