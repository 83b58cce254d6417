import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconDeviceDesktopPlus, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { type Peer, peersQuery } from '@/lib/api/archive';
import { type Association, associationsQuery } from '@/lib/api/associations';
import { serverQuery } from '@/lib/api/session';
import type { Organisation } from '@/lib/api/types';
import { useWords } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Wait } from '@/ui/Wait';
import { ProblemNotice } from '../ProblemNotice';
import { DeviceCard } from './DeviceCard';
import { DeviceForm } from './DeviceForm';
import styles from './DevicesPage.module.css';
import { Strangers } from './Strangers';

interface Props {
  /** Those whose machines the person may change. */
  hospitals: Organisation[];
}

/** The machines of the network: who may send, where they listen, and whether they answer now. */
export function DevicesPage({ hospitals }: Props) {
  const t = useWords();
  const client = useQueryClient();
  const { data: peers, error, refetch } = useQuery(peersQuery);
  const [adding, setAdding] = useState<Association | 'new' | null>(null);
  const refresh = () => {
    void client.invalidateQueries({ queryKey: peersQuery.queryKey });
    void client.invalidateQueries({ queryKey: associationsQuery.queryKey });
  };
  const add = hospitals.length > 0 && (
    <Button leftSection={<IconPlus size={16} stroke={1.5} />} onClick={() => setAdding('new')}>
      {t('devices.add')}
    </Button>
  );
  return (
    <Page title={t('devices.title')} acts={<><OwnAddress />{add}</>}>
      {adding && (
        <DeviceForm
          hospitals={hospitals}
          stranger={adding === 'new' ? undefined : adding}
          onDone={refresh}
          onClose={() => setAdding(null)}
        />
      )}
      {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!error && !peers && <Wait what={t('wait.loading')} />}
      {peers && !peers.length && (
        <EmptyState icon={IconDeviceDesktopPlus} title={t('devices.empty.title')} line={t('devices.empty.line')} />
      )}
      {peers && <Cards peers={peers} hospitals={hospitals} onChanged={refresh} />}
      {hospitals.length > 0 && <Strangers onAdd={setAdding} />}
    </Page>
  );
}

interface CardsProps extends Props {
  peers: Peer[];
  onChanged: () => void;
}

function Cards({ peers, hospitals, onChanged }: CardsProps) {
  const { data: associations } = useQuery(associationsQuery);
  return (
    <ul className={styles.cards}>
      {peers.map((peer) => (
        <DeviceCard
          key={peer.id}
          peer={peer}
          hospital={hospitals.find((one) => one.id === peer.organisation_id)}
          associations={associations?.filter((one) => one.peer_id === peer.id)}
          onChanged={onChanged}
        />
      ))}
    </ul>
  );
}

/** What to enter on a machine so that it reaches this archive. */
function OwnAddress() {
  const t = useWords();
  const { data: server } = useQuery(serverQuery);
  if (!server) return null;
  return (
    <p className={styles.own}>
      {t('devices.own')}
      <code>
        {server.ae_title}@{window.location.hostname}:{server.dicom_port}
      </code>
    </p>
  );
}
