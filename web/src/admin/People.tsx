import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCircleCheck, IconCircleOff, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { ActNotice } from '@/archive/ActNotice';
import { ProblemNotice } from '@/archive/ProblemNotice';
import { giveRole, peopleQuery, type Person, setActive, setPassword, takeRole } from '@/lib/api/administration';
import { useWords } from '@/lib/i18n';
import { PasswordField } from '@/ui/PasswordField';
import { DataTable } from '@/ui/tables/DataTable';
import { Wait } from '@/ui/Wait';
import styles from './Admin.module.css';
import { NewPerson } from './NewPerson';
import { roleWords, useRoles } from './roles';
import { useAdministering, useHospitals } from './useAdministration';

export function People() {
  const t = useWords();
  const { data: people, error, refetch } = useQuery(peopleQuery);
  const { nameOf } = useHospitals();
  const [current, setCurrent] = useState<string | null>(null);
  if (error && !people) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!people) return <Wait what={t('wait.loading')} />;
  const person = people.find((one) => one.username === current);
  return (
    <div className={styles.split}>
      <div className={styles.main}>
        {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
        <NewPerson />
        <DataTable
          label={t('admin.part.people')}
          columns={[
            { key: 'name', title: t('admin.person'), render: (one) => one.display_name || one.username },
            { key: 'username', title: t('signIn.userName'), isQuiet: true, render: (one) => one.username },
            { key: 'roles', title: t('admin.roles'), width: '40%', render: (one) => one.roles.map((role) => `${nameOf(role.organisation_id)}: ${roleWords(t, role.role)}`).join(' · ') },
            { key: 'active', title: t('admin.state'), width: '120px', render: (one) => <Activity isActive={one.is_active} /> },
          ]}
          rows={people}
          rowKey={(one) => one.username}
          current={current}
          onCurrent={setCurrent}
          onOpen={() => undefined}
        />
      </div>
      {person && <Details key={person.username} person={person} />}
    </div>
  );
}

function Activity({ isActive }: { isActive: boolean }) {
  const t = useWords();
  const Sign = isActive ? IconCircleCheck : IconCircleOff;
  return (
    <span className={styles.activity} data-active={isActive}>
      <Sign size={16} stroke={1.5} aria-hidden />
      {isActive ? t('admin.active') : t('admin.inactive')}
    </span>
  );
}

/** What can be done about one person. */
function Details({ person }: { person: Person }) {
  const t = useWords();
  const { isBusy, error, administer } = useAdministering();
  return (
    <aside className={styles.details} aria-label={person.display_name || person.username}>
      <h2>{person.display_name || person.username}</h2>
      <Roles person={person} />
      {person.is_ours && <Password username={person.username} />}
      {person.is_ours && (
        <Button
          variant="default"
          loading={isBusy}
          onClick={() => void administer(() => setActive(person.username, !person.is_active))}
        >
          {person.is_active ? t('admin.deactivate') : t('admin.activate')}
        </Button>
      )}
      {!person.is_ours && <p className={styles.quiet}>{t('admin.notOurs')}</p>}
      <ActNotice error={error} />
    </aside>
  );
}

function Roles({ person }: { person: Person }) {
  const t = useWords();
  const { isBusy, error, administer } = useAdministering();
  const { named, nameOf } = useHospitals();
  const roles = useRoles();
  const [hospital, setHospital] = useState<string | null>(null);
  const [role, setRole] = useState<string | null>(null);
  const given = { organisation_id: Number(hospital ?? named[0]?.value), role: role ?? roles[0]?.value ?? '' };
  return (
    <section>
      <h3>{t('admin.roles')}</h3>
      <ul className={styles.roles}>
        {person.roles.map((one) => (
          <li key={`${one.organisation_id} ${one.role}`}>
            {nameOf(one.organisation_id)}
            <span>{roleWords(t, one.role)}</span>
            <button
              type="button"
              aria-label={t('admin.takeRole', { role: roleWords(t, one.role), hospital: nameOf(one.organisation_id) })}
              disabled={isBusy}
              onClick={() => void administer(() => takeRole(person.username, one))}
            >
              <IconX size={14} stroke={1.5} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <div className={styles.give}>
        <Select aria-label={t('studies.hospital')} data={named} value={String(given.organisation_id)} onChange={setHospital} allowDeselect={false} />
        <Select aria-label={t('admin.roles')} data={roles} value={given.role} onChange={setRole} allowDeselect={false} />
        <Button variant="default" loading={isBusy} onClick={() => void administer(() => giveRole(person.username, given))}>
          {t('admin.giveRole')}
        </Button>
      </div>
      <ActNotice error={error} />
    </section>
  );
}

function Password({ username }: { username: string }) {
  const t = useWords();
  const { isBusy, error, administer } = useAdministering();
  const [password, setNew] = useState('');
  const save = () => void administer(() => setPassword(username, password)).then((isDone) => isDone && setNew(''));
  return (
    <section className={styles.give}>
      <PasswordField
        size="sm"
        autoComplete="new-password"
        label={t('admin.newPassword')}
        value={password}
        onChange={(event) => setNew(event.currentTarget.value)}
      />
      <Button variant="default" loading={isBusy} disabled={!password} onClick={save}>
        {t('act.save')}
      </Button>
      <ActNotice error={error} />
    </section>
  );
}
