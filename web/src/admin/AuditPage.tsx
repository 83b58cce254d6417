import { Button, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconEye, IconSearch } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { ProblemNotice } from '@/archive/ProblemNotice';
import { auditQuery, type AuditRow } from '@/lib/api/audit';
import { type TFunction, useWords } from '@/lib/i18n';
import { shownMoment } from '@/lib/moments';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { type Column, DataTable } from '@/ui/tables/DataTable';
import { Unknown } from '@/ui/Unknown';
import { Wait } from '@/ui/Wait';
import styles from './Admin.module.css';

const PATIENT = 'patient/';

interface Props {
  /** The patient whose trail is asked for; empty for all. */
  patient: string;
  onPatient: (patientId: string) => void;
}

/** Who saw this patient, and what else was done. */
export function AuditPage({ patient, onPatient }: Props) {
  const t = useWords();
  const query = useInfiniteQuery(auditQuery(patient));
  const rows = query.data?.pages.flat() ?? [];
  return (
    <Page title={t('audit.title')} acts={<Asked key={patient} patient={patient} onPatient={onPatient} />}>
      {query.error && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Wait what={t('wait.loading')} />}
      {query.data && !rows.length && (
        <EmptyState icon={IconEye} title={t('audit.none.title')} line={t('audit.none.line')} />
      )}
      {rows.length > 0 && <Trail rows={rows} onPatient={onPatient} />}
      {query.hasNextPage && (
        <div className={styles.more}>
          <Button variant="subtle" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('studies.more')}
          </Button>
        </div>
      )}
    </Page>
  );
}

function Asked({ patient, onPatient }: Props) {
  const t = useWords();
  const [text, setText] = useState(patient);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    onPatient(text.trim());
  };
  return (
    <form className={styles.asked} onSubmit={ask}>
      <TextInput
        aria-label={t('audit.patient')}
        placeholder={t('audit.patient')}
        leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {t('audit.ask')}
      </Button>
      {patient && (
        <Button variant="subtle" onClick={() => onPatient('')}>
          {t('audit.all')}
        </Button>
      )}
    </form>
  );
}

function Trail({ rows, onPatient }: { rows: AuditRow[]; onPatient: (patientId: string) => void }) {
  const t = useWords();
  const [current, setCurrent] = useState<string | null>(null);
  return (
    <DataTable
      label={t('audit.title')}
      columns={columns(t)}
      rows={rows}
      rowKey={(row) => String(row.id)}
      current={current}
      onCurrent={setCurrent}
      onOpen={(row) => row.subject.startsWith(PATIENT) && onPatient(row.subject.slice(PATIENT.length))}
    />
  );
}

/** Words for what was done; what has none keeps the name that the server gave it. */
function doneWords(t: TFunction, row: AuditRow): string {
  return t(`audit.action.${row.action.replaceAll('.', '_')}` as 'audit.action.read', { defaultValue: row.action });
}

function screenWords(t: TFunction, row: AuditRow): string {
  return row.screen && t(`audit.screen.${row.screen}` as 'audit.screen.images', { defaultValue: row.screen });
}

const NOTED = ['label', 'calling_ae', 'code', 'host', 'port'];

/** Whom it was done to: a patient's ID, an account, or what was noted of a device, a hospital, a role. */
function whomWords(t: TFunction, row: AuditRow): string {
  const role = row.detail.role && t(`admin.role.${String(row.detail.role)}` as 'admin.role.reader', { defaultValue: String(row.detail.role) });
  const noted = NOTED.map((key) => row.detail[key]).filter(Boolean);
  return [row.subject.replace(/^(patient|account)\/?/, ''), role, ...noted].filter(Boolean).join(' · ');
}

/** Who did it; what Lightwell did by itself, or before anybody was known, is named so. */
function whoWords(t: TFunction, row: AuditRow): string {
  if (row.actor_kind === 'nobody') return t('audit.nobody');
  return row.actor_kind === 'house' && row.actor_name === 'lightwell' ? t('audit.house') : row.actor_name;
}

function columns(t: TFunction): Column<AuditRow>[] {
  return [
    { key: 'at', title: t('audit.when'), width: '160px', render: (row) => shownMoment(row.at) },
    { key: 'who', title: t('audit.who'), width: '22%', render: (row) => whoWords(t, row) },
    { key: 'what', title: t('audit.what'), width: '22%', render: (row) => doneWords(t, row) },
    { key: 'whom', title: t('audit.whom'), render: (row) => whomWords(t, row) || <Unknown reason={t('audit.noWhom')} /> },
    { key: 'where', title: t('audit.where'), width: '18%', isQuiet: true, render: (row) => screenWords(t, row) },
    { key: 'count', title: t('audit.times'), width: '80px', isNumber: true, render: (row) => row.count },
  ];
}
