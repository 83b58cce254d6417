import { Button, Select } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { IconFolderPlus, IconPhotoUp, IconPlayerPause, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { type DragEvent, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Problem, type ProblemCode } from '@/lib/api/problem';
import { sessionQuery } from '@/lib/api/session';
import type { Organisation } from '@/lib/api/types';
import { useLanguage, useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { notices } from '@/lib/notices';
import { EmptyState } from '@/ui/EmptyState';
import { InlineNotice } from '@/ui/InlineNotice';
import { Page } from '@/ui/Page';
import { filesOf } from './dropped';
import { type Snapshot, UploadQueue } from './queue';
import { UploadList } from './UploadList';
import styles from './UploadPage.module.css';

let uploads = { username: '', queue: new UploadQueue() };

/** The queue goes on while other pages are looked at, but never into the session of somebody else. */
function queueOf(username: string): UploadQueue {
  if (uploads.username !== username) {
    uploads.queue.clear();
    uploads = { username, queue: new UploadQueue() };
    tellOfEnds(uploads.queue);
  }
  return uploads.queue;
}

/** Whoever went on to another page is told when the last file has come through. */
function tellOfEnds(queue: UploadQueue): void {
  let wasBusy = false;
  queue.subscribe(() => {
    const { items } = queue.get();
    const isBusy = items.some(({ state }) => state === 'waiting' || state === 'sending');
    const count = items.filter(({ state }) => state === 'stored').length;
    if (wasBusy && !isBusy && count) notices.add({ kind: 'uploaded', name: '', count });
    wasBusy = isBusy;
  });
}

interface Props {
  username: string;
  /** Those that the person may store for. */
  hospitals: Organisation[];
}

/** Images from a disc or a folder into the archive: drop them, and see what became of each. */
export function UploadPage({ username, hospitals }: Props) {
  const t = useWords();
  const queue = queueOf(username);
  const snapshot = useSyncExternalStore(queue.subscribe, queue.get);
  const [hospital, setHospital] = useState<string | null>(hospitals[0]?.code ?? null);
  const [isOver, setIsOver] = useState(false);
  const [unreadable, setUnreadable] = useState(0);
  const add = (files: File[]) => queue.add(files, hospitals.length > 1 ? hospital : null);

  function drop(event: DragEvent): void {
    event.preventDefault();
    setIsOver(false);
    void filesOf(event.dataTransfer.items).then((dropped) => {
      setUnreadable(dropped.unreadable.length);
      add(dropped.files);
    });
  }

  const acts = (
    <>
      {hospitals.length > 1 && <Hospital hospitals={hospitals} value={hospital} onChange={setHospital} />}
      <Choose onFiles={add} />
      <Acts queue={queue} snapshot={snapshot} />
    </>
  );
  return (
    <Page title={t('upload.title')} acts={acts}>
      <div
        className={styles.place}
        data-over={isOver}
        onDrop={drop}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
      >
        {snapshot.stopped && <Stopped code={snapshot.stopped} />}
        {unreadable > 0 && <InlineNotice title={t('upload.unreadable', { count: unreadable })} next={t('upload.unreadableNext')} />}
        {snapshot.items.length ? (
          <UploadList items={snapshot.items} />
        ) : (
          <EmptyState icon={IconPhotoUp} title={t('upload.empty.title')} line={t('upload.empty.line')} />
        )}
      </div>
    </Page>
  );
}

/** Why the upload stopped by itself; a session that ended or is locked shows its own page at once. */
function Stopped({ code }: { code: ProblemCode }) {
  const t = useWords();
  const client = useQueryClient();
  useEffect(() => {
    if (code === 'not_signed_in' || code === 'session_locked') void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }, [client, code]);
  return <InlineNotice title={problemWords(t, new Problem(code, 0)).title} next={t('upload.stopped')} />;
}

function Choose({ onFiles }: { onFiles: (files: File[]) => void }) {
  const t = useWords();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    onFiles([...(input.files ?? [])]);
    input.value = '';
  };
  return (
    <>
      <input ref={files} type="file" multiple hidden aria-label={t('upload.files')} onChange={(event) => take(event.currentTarget)} />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label={t('upload.folder')}
        onChange={(event) => take(event.currentTarget)}
        {...{ webkitdirectory: '' }}
      />
      <Button variant="default" leftSection={<IconPhotoUp size={16} stroke={1.5} />} onClick={() => files.current?.click()}>
        {t('upload.files')}
      </Button>
      <Button variant="default" leftSection={<IconFolderPlus size={16} stroke={1.5} />} onClick={() => folder.current?.click()}>
        {t('upload.folder')}
      </Button>
    </>
  );
}

function Acts({ queue, snapshot: { items, isPaused } }: { queue: UploadQueue; snapshot: Snapshot }) {
  const t = useWords();
  const isBusy = items.some((item) => item.state === 'waiting' || item.state === 'sending');
  const hasFailed = items.some((item) => item.state === 'failed');
  return (
    <>
      {isBusy && !isPaused && (
        <Button variant="default" leftSection={<IconPlayerPause size={16} stroke={1.5} />} onClick={() => queue.pause()}>
          {t('upload.pause')}
        </Button>
      )}
      {isPaused && (
        <Button leftSection={<IconPlayerPlay size={16} stroke={1.5} />} onClick={() => queue.resume()}>
          {t('upload.resume')}
        </Button>
      )}
      {hasFailed && (
        <Button leftSection={<IconRefresh size={16} stroke={1.5} />} onClick={() => queue.tryAgain()}>
          {t('problemRetry')}
        </Button>
      )}
      {items.length > 0 && (
        <Button variant="subtle" onClick={() => queue.clear()}>
          {isBusy ? t('upload.cancel') : t('upload.clear')}
        </Button>
      )}
    </>
  );
}

interface HospitalProps {
  hospitals: Organisation[];
  value: string | null;
  onChange: (hospital: string) => void;
}

function Hospital({ hospitals, value, onChange }: HospitalProps) {
  const t = useWords();
  const language = useLanguage();
  const nameOf = (hospital: Organisation) => (language === 'en' && hospital.name_en) || hospital.name;
  return (
    <Select
      aria-label={t('upload.hospital')}
      data={hospitals.map((hospital) => ({ value: hospital.code, label: nameOf(hospital) }))}
      value={value}
      onChange={(chosen) => chosen && onChange(chosen)}
      allowDeselect={false}
    />
  );
}
