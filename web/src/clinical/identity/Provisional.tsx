import { Button, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { IconArrowMerge, IconSearch, IconUserCheck } from '@tabler/icons-react';
import { type KeyboardEvent, useDeferredValue, useRef, useState } from 'react';
import { FOUND, patientsQuery, type Person, provisionalQuery } from '@/lib/api/identity';
import type { Patient } from '@/lib/api/record';
import { useWords } from '@/lib/i18n';
import { hotkey, saidKeys } from '@/ui/hotkey';
import { once, useKeys } from '@/ui/useKeys';
import worklist from '@/ui/worklist.module.css';
import { namesOf, numbersOf } from '../patients/said';
import styles from './Identity.module.css';
import { IDENTITY_KEYS } from './keys';
import { Moving, useMoving } from './Moving';
import { shownName, shownSex } from './said';
import type { Decisions } from './useDecisions';
import { Worklist } from './Worklist';

/** Patients of whom images came and whom nobody has described: who are they? */
export function Provisional({ decisions }: { decisions: Decisions }) {
  const t = useWords();
  const query = useInfiniteQuery(provisionalQuery);
  return (
    <Worklist
      kind="provisional"
      query={query}
      keyOf={(person) => person.rid}
      entryOf={(person) => ({
        name: shownName(t, person),
        line: person.numbers.map((number) => number.value).join(' · ') || t('identity.numberless'),
        at: person.last_updated,
      })}
    >
      {(person) => <Assign person={person} decisions={decisions} />}
    </Worklist>
  );
}

const DIGITS = 9;

/** Enter and Escape give the keys back to the page: those found have digits. */
function leave(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
  event.preventDefault();
  event.currentTarget.blur();
}

function Assign({ person, decisions }: { person: Person; decisions: Decisions }) {
  const t = useWords();
  const hospital = decisions.codeOf(person.organisation_id);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<Patient | null>(null);
  const { data: found } = useQuery(patientsQuery(useDeferredValue(text.trim()), hospital));
  const others = (found ?? []).filter((item) => item.id !== person.id);
  const nameOf = (patient: Patient) => namesOf(patient)[0] ?? t('identity.nameless');
  const moving = useMoving(person.id, hospital);
  const named = { id: person.id, name: shownName(t, person) };
  const assign = (to: Patient) => void decisions.merge({ id: to.id, name: nameOf(to) }, named, person.organisation_id);
  const confirm = () => void decisions.confirm(named, person.organisation_id);
  const field = useRef<HTMLInputElement>(null);
  useKeys({
    [IDENTITY_KEYS.search]: () => field.current?.select(),
    ...Object.fromEntries(others.slice(0, DIGITS).map((item, place) => [String(place + 1), () => setChosen(item)])),
    ...(chosen && moving && !decisions.isBusy && { [IDENTITY_KEYS.decide]: once(() => assign(chosen)) }),
    ...(!chosen && !decisions.isBusy && { [IDENTITY_KEYS.confirm]: once(confirm) }),
  });
  return (
    <>
      <p className={worklist.why}>{t('identity.what.provisional')}</p>
      <dl className={styles.facts}>
        <Fact words={t('identity.trait.name')} value={[person.name, ...person.other_names].filter(Boolean).join(t('identity.comma'))} />
        <Fact words={t('identity.trait.sex')} value={shownSex(t, person.sex)} />
        <Fact words={t('identity.trait.birth_date')} value={person.birth_date} />
        <Fact words={t('identity.trait.number')} value={person.numbers.map((number) => number.value).join(t('identity.comma'))} />
      </dl>
      <TextInput
        ref={field}
        className={styles.search ?? ''}
        {...hotkey(t('identity.assign'), IDENTITY_KEYS.search)}
        onKeyDown={leave}
        label={t('identity.assign')}
        placeholder={t('identity.assignExample')}
        leftSection={<IconSearch size={16} stroke={1.5} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setChosen(null);
        }}
      />
      {text.trim() && found && !others.length && <p className={styles.quiet}>{t('identity.nobody')}</p>}
      {found?.length === FOUND && <p className={styles.quiet}>{t('identity.typeMore', { count: FOUND })}</p>}
      <ul className={styles.found} aria-label={t('identity.found')}>
        {others.map((item, place) => (
          <li key={item.id}>
            <label>
              <input type="radio" name="patient" {...(place < DIGITS && saidKeys(String(place + 1)))} checked={chosen?.id === item.id} onChange={() => setChosen(item)} />
              {place < DIGITS && <kbd aria-hidden>{place + 1}</kbd>}
              <strong>{nameOf(item)}</strong>
              <span>{shownSex(t, item.gender ?? '') || '–'}</span>
              <span>{item.birthDate ?? '–'}</span>
              <span>{numbersOf(item).join(' · ') || '–'}</span>
            </label>
          </li>
        ))}
      </ul>
      {!chosen && (
        <div className={worklist.acts}>
          <p className={styles.moving}>{t('identity.confirmMeans')}</p>
          <Button
            variant="default"
            leftSection={<IconUserCheck size={16} stroke={1.5} />}
            loading={decisions.isBusy}
            {...hotkey(t('identity.confirm'), IDENTITY_KEYS.confirm)}
            onClick={confirm}
          >
            {t('identity.confirm')} <kbd aria-hidden>C</kbd>
          </Button>
        </div>
      )}
      {chosen && (
        <div className={worklist.acts}>
          <Moving patient={person} moving={moving} />
          <Button {...hotkey(t('keys.assign'), IDENTITY_KEYS.decide)} leftSection={<IconArrowMerge size={16} stroke={1.5} />} loading={decisions.isBusy} disabled={!moving} onClick={() => assign(chosen)}>
            {t('identity.assignTo', { name: nameOf(chosen) })} <kbd aria-hidden>{'Enter'}</kbd>
          </Button>
        </div>
      )}
    </>
  );
}

function Fact({ words, value }: { words: string; value: string }) {
  return (
    <div>
      <dt>{words}</dt>
      <dd>{value || '–'}</dd>
    </div>
  );
}
