import { Button, CopyButton, NumberInput, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCopy, IconKey, IconKeyOff } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { ActNotice } from '@/archive/ActNotice';
import { createToken, peopleQuery, revokeToken, type Token, tokensQuery } from '@/lib/api/administration';
import { useWords } from '@/lib/i18n';
import { shownMoment } from '@/lib/moments';
import { EmptyState } from '@/ui/EmptyState';
import { DataTable } from '@/ui/tables/DataTable';
import styles from './Admin.module.css';
import { useAdministering } from './useAdministration';

const A_YEAR_DAYS = 365;

/** Keys for programs: each acts as somebody, until it ends or is taken back. */
export function Tokens() {
  const t = useWords();
  const { data: tokens } = useQuery(tokensQuery);
  const [current, setCurrent] = useState<string | null>(null);
  return (
    <>
      <NewToken />
      {tokens?.length === 0 && <EmptyState icon={IconKey} title={t('admin.noTokens.title')} line={t('admin.noTokens.line')} />}
      {tokens && tokens.length > 0 && (
        <DataTable
          label={t('admin.part.tokens')}
          columns={[
            { key: 'label', title: t('admin.tokenLabel'), render: (one) => one.label },
            { key: 'who', title: t('admin.actsAs'), render: (one) => one.username },
            { key: 'made', title: t('admin.made'), width: '160px', isQuiet: true, render: (one) => shownMoment(one.created_at) },
            { key: 'ends', title: t('admin.ends'), width: '160px', render: (one) => (one.expires_at ? shownMoment(one.expires_at) : t('admin.never')) },
            { key: 'act', title: '', width: '140px', render: (one) => <Revoke token={one} /> },
          ]}
          rows={tokens}
          rowKey={(one) => String(one.id)}
          current={current}
          onCurrent={setCurrent}
          onOpen={() => undefined}
        />
      )}
    </>
  );
}

function Revoke({ token }: { token: Token }) {
  const t = useWords();
  const { isBusy, administer } = useAdministering();
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      loading={isBusy}
      leftSection={<IconKeyOff size={14} stroke={1.5} />}
      onClick={() => void administer(() => revokeToken(token.id))}
    >
      {t('admin.revoke')}
    </Button>
  );
}

function NewToken() {
  const t = useWords();
  const { isBusy, error, administer } = useAdministering();
  const { data: people = [] } = useQuery(peopleQuery);
  const [username, setUsername] = useState<string | null>(null);
  const [label, setLabel] = useState('');
  const [days, setDays] = useState(A_YEAR_DAYS);
  const [secret, setSecret] = useState('');

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    await administer(async () => setSecret(await createToken(username ?? '', label, days)));
  }

  return (
    <form className={styles.new} onSubmit={(event) => void save(event)}>
      <Select
        label={t('admin.actsAs')}
        searchable
        required
        data={people.filter((one) => one.is_ours).map((one) => one.username)}
        value={username}
        onChange={setUsername}
      />
      <TextInput label={t('admin.tokenLabel')} placeholder={t('admin.tokenExample')} required value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
      <NumberInput label={t('admin.days')} min={0} max={3660} hideControls value={days} onChange={(value) => setDays(Number(value))} />
      <Button type="submit" variant="default" loading={isBusy}>
        {t('admin.addToken')}
      </Button>
      <ActNotice error={error} />
      {secret && <Secret secret={secret} />}
    </form>
  );
}

function Secret({ secret }: { secret: string }) {
  const t = useWords();
  return (
    <p className={styles.secret} role="status">
      {t('admin.once')}
      <code>{secret}</code>
      <CopyButton value={secret}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" leftSection={<IconCopy size={14} stroke={1.5} />} onClick={copy}>
            {copied ? t('admin.copied') : t('admin.copy')}
          </Button>
        )}
      </CopyButton>
    </p>
  );
}
