import { Button, Popover, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconBookmark, IconX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { forgetView, keepView, type View, viewsQuery } from '@/lib/api/views';
import { useWords } from '@/lib/i18n';
import { useAct } from '@/ui/useAct';
import { useEscape } from '@/ui/useKeys';
import { ActNotice } from '../ActNotice';
import { changed, isNarrowed, type ListSearch, toListSearch } from './filter';
import head from './ListHead.module.css';
import styles from './Views.module.css';

const SCREEN = 'studies';
const LONGEST = 64;

interface Props {
  search: ListSearch;
  onSearch: (search: ListSearch) => void;
}

/** Views that somebody keeps: one click narrows the list as it was when the view was saved. */
export function Views({ search, onSearch }: Props) {
  const t = useWords();
  const [isOpen, setIsOpen] = useState(false);
  useEscape(isOpen, () => setIsOpen(false));
  const choose = (view: View) => {
    onSearch(toListSearch(view.search));
    setIsOpen(false);
  };
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-start" width={300} withinPortal trapFocus>
      <Popover.Target>
        <button type="button" className={head.range} onClick={() => setIsOpen(!isOpen)}>
          <IconBookmark size={16} stroke={1.5} aria-hidden />
          {t('views.title')}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('views.title')}>
        <Kept search={search} onChoose={choose} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Kept({ search, onChoose }: { search: ListSearch; onChoose: (view: View) => void }) {
  const t = useWords();
  const client = useQueryClient();
  const { data: views } = useQuery(viewsQuery(SCREEN));
  const { isBusy, error, run } = useAct();
  const kept = changed(search, { q: undefined }); // what is typed may be a patient's name, which no view keeps
  const change = (work: () => Promise<unknown>) =>
    run(async () => {
      await work();
      await client.invalidateQueries({ queryKey: viewsQuery(SCREEN).queryKey });
    });
  return (
    <div className={styles.views}>
      {views?.length === 0 && <p>{t('views.none')}</p>}
      <ul>
        {views?.map((view) => (
          <li key={view.name}>
            <button type="button" className={styles.view} onClick={() => onChoose(view)}>
              {view.name}
            </button>
            <button
              type="button"
              className={styles.forget}
              aria-label={t('views.forget', { name: view.name })}
              onClick={() => void change(() => forgetView(SCREEN, view.name))}
            >
              <IconX size={14} stroke={1.5} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      {isNarrowed(kept) && (
        <Keep isBusy={isBusy} onKeep={(name) => change(() => keepView(SCREEN, { name, search: { ...kept } }))} />
      )}
      <ActNotice error={error} />
    </div>
  );
}

function Keep({ isBusy, onKeep }: { isBusy: boolean; onKeep: (name: string) => Promise<boolean> }) {
  const t = useWords();
  const [name, setName] = useState('');

  async function keep(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (await onKeep(name.trim())) setName('');
  }

  return (
    <form onSubmit={(event) => void keep(event)}>
      <TextInput
        size="sm"
        label={t('views.keep')}
        placeholder={t('views.example')}
        required
        maxLength={LONGEST}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button size="sm" type="submit" variant="default" loading={isBusy}>
        {t('act.save')}
      </Button>
    </form>
  );
}
