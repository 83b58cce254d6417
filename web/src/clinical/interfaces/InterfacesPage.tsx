import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconArrowsLeftRight, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { ProblemNotice } from '@/archive/ProblemNotice';
import { type Interfaces, interfacesKey, interfacesQuery, type Way } from '@/lib/api/interfaces';
import type { Organisation } from '@/lib/api/types';
import { useWords } from '@/lib/i18n';
import { Segments } from '@/ui/choices/Segments';
import { EmptyState } from '@/ui/EmptyState';
import { hotkey } from '@/ui/hotkey';
import { LiveMark } from '@/ui/LiveMark';
import { Page } from '@/ui/Page';
import { useKeys } from '@/ui/useKeys';
import { useRowsInHand } from '@/ui/useRowsInHand';
import { Wait } from '@/ui/Wait';
import { DestinationForm } from './DestinationForm';
import { Failed } from './Failed';
import styles from './Interfaces.module.css';
import { INTERFACE_KEYS, interfaceKeyParts } from './keys';
import { Lines } from './Lines';
import { hasTrouble, type Line, linesOf } from './lines';
import { SourceForm } from './SourceForm';

type View = 'lines' | Way;
type Edited = { way: Way; line: Line | null } | null;

interface Props {
  /** Those whose lines the person may change. */
  hospitals: Organisation[];
}

/** The lines to other systems: which lives, which is silent since when, which has failures, and what is done about those. */
export function InterfacesPage({ hospitals }: Props) {
  const t = useWords();
  const client = useQueryClient();
  const query = useQuery(interfacesQuery);
  const [view, setView] = useState<View>('lines');
  const [only, setOnly] = useState<Line | null>(null);
  const [edited, setEdited] = useState<Edited>(null);
  const refresh = () => void client.invalidateQueries(interfacesKey);
  const lines = query.data ? linesOf(query.data) : [];

  function show(next: View, line: Line | null = null): void {
    setOnly(line);
    setView(next);
  }

  return (
    <Page
      title={t('interfaces.title')}
      keys={interfaceKeyParts(t)}
      acts={
        <>
          <LiveMark isLive={!query.isError} />
          {query.data && <OwnPorts port={query.data.port} tlsPort={query.data.tls_port} />}
          <Views view={view} lines={lines} onView={show} />
          {view === 'lines' && <Adding onAdd={(way) => setEdited({ way, line: null })} />}
        </>
      }
    >
      {query.error && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Wait what={t('wait.loading')} />}
      {query.data && view === 'lines' && (
        <Overview
          lines={lines}
          port={query.data.port}
          hospitals={hospitals}
          now={query.dataUpdatedAt}
          onFailed={(line) => show(line.way, line)}
          onEdit={(line) => setEdited({ way: line.way, line })}
        />
      )}
      {query.data && view !== 'lines' && (
        <>
          {only && <OnlyOf line={only} onAll={() => setOnly(null)} />}
          <Failed key={`${view} ${only?.id ?? ''}`} way={view} line={only} lines={lines} />
        </>
      )}
      {query.data && edited && <Form data={query.data} edited={edited} hospitals={hospitals} onDone={refresh} onClose={() => setEdited(null)} />}
    </Page>
  );
}

function Views({ view, lines, onView }: { view: View; lines: Line[]; onView: (view: View) => void }) {
  const t = useWords();
  const failed = (way: Way) => lines.filter((line) => line.way === way).reduce((sum, line) => sum + line.flow.failed, 0);
  return (
    <Segments
      label={t('interfaces.title')}
      options={[
        { value: 'lines', label: t('interfaces.lines') },
        { value: 'in', label: `${t('interfaces.failedOf.in')} ${failed('in')}` },
        { value: 'out', label: `${t('interfaces.failedOf.out')} ${failed('out')}` },
      ]}
      value={view}
      keys={INTERFACE_KEYS.view}
      onChange={onView}
    />
  );
}

function Adding({ onAdd }: { onAdd: (way: Way) => void }) {
  const t = useWords();
  useKeys({ [INTERFACE_KEYS.add.in]: () => onAdd('in'), [INTERFACE_KEYS.add.out]: () => onAdd('out') });
  return (
    <>
      <Button variant="default" {...hotkey(t('interfaces.addDestination'), INTERFACE_KEYS.add.out)} leftSection={<IconPlus size={16} stroke={1.5} />} onClick={() => onAdd('out')}>
        {t('interfaces.addDestination')}
      </Button>
      <Button {...hotkey(t('interfaces.addSource'), INTERFACE_KEYS.add.in)} leftSection={<IconPlus size={16} stroke={1.5} />} onClick={() => onAdd('in')}>
        {t('interfaces.addSource')}
      </Button>
    </>
  );
}

/** Numbers of sources and destinations are counted by themselves. */
const keyOf = ({ way, id }: Line) => (way === 'in' ? id : -id);

interface OverviewProps {
  lines: Line[];
  port: number;
  hospitals: Organisation[];
  now: number;
  onFailed: (line: Line) => void;
  onEdit: (line: Line) => void;
}

function Overview({ lines, port, ...rest }: OverviewProps) {
  const t = useWords();
  const { current } = useRowsInHand(lines, keyOf);
  useKeys({
    ...(current && { [INTERFACE_KEYS.edit]: () => rest.onEdit(current) }),
    ...(current && hasTrouble(current) && { [INTERFACE_KEYS.failed]: () => rest.onFailed(current) }),
  });
  if (lines.length === 0) {
    return (
      <EmptyState icon={IconArrowsLeftRight} title={t('interfaces.empty.title')} line={t('interfaces.empty.line', { host: window.location.hostname, port })} />
    );
  }
  return (
    <div className={styles.overview}>
      {(['in', 'out'] as const).map((way) => (
        <Lines key={way} way={way} lines={lines.filter((line) => line.way === way)} inHand={current} {...rest} />
      ))}
    </div>
  );
}

/** Where other systems send to. */
function OwnPorts({ port, tlsPort }: { port: number; tlsPort: number }) {
  const t = useWords();
  const ports = [port >= 0 && `${port}`, tlsPort >= 0 && `${tlsPort} TLS`].filter(Boolean);
  if (ports.length === 0) return null;
  return (
    <p className={styles.own}>
      {t('interfaces.listensAt')} <code>{`${window.location.hostname}:${ports.join(', ')}`}</code>
    </p>
  );
}

function OnlyOf({ line, onAll }: { line: Line; onAll: () => void }) {
  const t = useWords();
  useKeys({ [INTERFACE_KEYS.back]: onAll }, 'last');
  return (
    <p className={styles.only}>
      {t('interfaces.onlyOf', { name: line.label })}
      <Button size="compact-sm" variant="subtle" {...hotkey(t('interfaces.all'), INTERFACE_KEYS.back)} onClick={onAll}>
        {t('interfaces.all')}
      </Button>
    </p>
  );
}

interface FormProps {
  data: Interfaces;
  edited: NonNullable<Edited>;
  hospitals: Organisation[];
  onDone: () => void;
  onClose: () => void;
}

function Form({ data, edited: { way, line }, ...rest }: FormProps) {
  if (way === 'in') {
    return <SourceForm source={data.sources.find((one) => one.source.id === line?.id)?.source ?? null} {...rest} />;
  }
  const told = data.destinations.find((one) => one.destination.id === line?.id);
  return <DestinationForm destination={told?.destination ?? null} waiting={told?.flow.waiting ?? 0} {...rest} />;
}
