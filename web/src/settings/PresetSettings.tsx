import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { ActNotice } from '@/archive/ActNotice';
import { usePreference, useSetPreference, type WindowPreset, type WindowPresets } from '@/lib/api/preferences';
import { useWords } from '@/lib/i18n';
import { Segments } from '@/ui/choices/Segments';
import { UndoBar } from '@/ui/UndoBar';
import { moved, replaced, without } from './lists';
import { PresetRow } from './PresetRow';
import { exchanged, MODALITIES, MOST_PRESETS, usualPresets } from './presets';
import styles from './Settings.module.css';

type Modality = (typeof MODALITIES)[number];
const NEW = { center: 40, width: 400 };

/** Windows by name for each kind of device; the digits bring one's own in this order, the usual ones by body part. */
export function PresetSettings() {
  const t = useWords();
  const [modality, setModality] = useState<Modality>('CT');
  const all = usePreference('viewer.presets') ?? {};
  const { set, error } = useSetPreference('viewer.presets');
  const [before, setBefore] = useState<WindowPresets | null>(null);
  const own = all[modality];
  const presets = own ?? usualPresets(t, modality);
  const put = (next: WindowPreset[] | null) => set(exchanged(all, modality, next));
  const putUndoable = (next: WindowPreset[] | null) => {
    setBefore(all);
    put(next);
  };
  const undo = () => {
    if (before) set(before);
    setBefore(null);
  };
  return (
    <section aria-labelledby="settings-presets">
      <h2 id="settings-presets">{t('settings.presets.title')}</h2>
      <Segments label={t('studies.modality')} options={MODALITIES.map((value) => ({ value, label: value }))} value={modality} onChange={setModality} />
      {presets.length > 0 && <p className={styles.line}>{t(own ? 'settings.presets.ownOrder' : 'settings.presets.order')}</p>}
      <PresetTable presets={presets} onChange={put} onRemove={(place) => putUndoable(without(presets, place))} />
      <div className={styles.acts}>
        <Button
          variant="default"
          size="sm"
          leftSection={<IconPlus size={16} stroke={1.5} aria-hidden />}
          disabled={presets.length >= MOST_PRESETS}
          onClick={() => put([...presets, { name: t('settings.presets.new', { number: presets.length + 1 }), ...NEW }])}
        >
          {t('settings.presets.add')}
        </Button>
        {own && (
          <Button variant="subtle" size="sm" onClick={() => putUndoable(null)}>
            {t('settings.usual')}
          </Button>
        )}
        <UndoBar what={before && t('settings.presets.changed')} onUndo={undo} onPast={() => setBefore(null)} />
      </div>
      <ActNotice error={error} />
    </section>
  );
}

interface TableProps {
  presets: WindowPreset[];
  onChange: (presets: WindowPreset[]) => void;
  onRemove: (place: number) => void;
}

function PresetTable({ presets, onChange, onRemove }: TableProps) {
  const t = useWords();
  if (!presets.length) return <p className={styles.line}>{t('settings.presets.none')}</p>;
  return (
    <table className={styles.presets}>
      <thead>
        <tr>
          <th scope="col">{t('settings.presets.key')}</th>
          <th scope="col">{t('settings.presets.name')}</th>
          <th scope="col">{t('settings.presets.width')}</th>
          <th scope="col">{t('settings.presets.center')}</th>
          <th scope="col">
            <span className={styles.hidden}>{t('settings.presets.acts')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {presets.map((preset, place) => (
          <PresetRow
            // A preset has no identity but its place and what it says.
            key={`${place} ${preset.name} ${preset.center} ${preset.width}`}
            preset={preset}
            digit={place < 9 ? String(place + 1) : ''}
            isFirst={place === 0}
            isLast={place === presets.length - 1}
            onChange={(changed) => onChange(replaced(presets, place, changed))}
            onMove={(by) => onChange(moved(presets, place, by))}
            onRemove={() => onRemove(place)}
          />
        ))}
      </tbody>
    </table>
  );
}
