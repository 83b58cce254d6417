import { ActionIcon } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import type { Pick, Plane, Prefer } from '@/lib/hanging/types';
import { useWords } from '@/lib/i18n';
import { MODALITIES } from '../presets';
import { having } from './edits';
import { Choice, TextField, WordsField } from './fields';
import styles from './Hanging.module.css';

const PLANES: Plane[] = ['axial', 'coronal', 'sagittal', 'oblique'];
const PREFERS: Prefer[] = ['most_images', 'thinnest', 'newest'];
const SIDES = ['R', 'L', 'B', 'U'] as const;

interface Props {
  pick: Pick;
  number: number;
  isLast: boolean;
  isOnly: boolean;
  isOff: boolean;
  onChange: (pick: Pick) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** What a series must be to hang here; what is left open may be anything. */
export function PickForm({ pick, number, isLast, isOnly, isOff, onChange, onMove, onRemove }: Props) {
  const t = useWords();
  const any = t('hanging.any');
  const title = t('hanging.pick.title', { number });
  return (
    <fieldset className={styles.pick}>
      <legend>{title}</legend>
      {!isOff && (
        <div className={styles.pickActs}>
          <ActionIcon variant="subtle" aria-label={t('settings.presets.of', { what: t('settings.up'), name: title })} disabled={number === 1} onClick={() => onMove(-1)}>
            <IconArrowUp size={16} stroke={1.5} aria-hidden />
          </ActionIcon>
          <ActionIcon variant="subtle" aria-label={t('settings.presets.of', { what: t('settings.down'), name: title })} disabled={isLast} onClick={() => onMove(1)}>
            <IconArrowDown size={16} stroke={1.5} aria-hidden />
          </ActionIcon>
          <ActionIcon variant="subtle" aria-label={t('settings.presets.of', { what: t('settings.remove'), name: title })} disabled={isOnly} onClick={onRemove}>
            <IconX size={16} stroke={1.5} aria-hidden />
          </ActionIcon>
        </div>
      )}
      <div className={styles.fields}>
        <Choice label={t('studies.modality')} none={any} options={MODALITIES.map((value) => ({ value, label: value }))} value={pick.modality as (typeof MODALITIES)[number]} isOff={isOff} onChange={(value) => onChange(having(pick, 'modality', value))} />
        <Choice label={t('hanging.plane')} none={any} options={PLANES.map((value) => ({ value, label: t(`hanging.planes.${value}`) }))} value={pick.plane} isOff={isOff} onChange={(value) => onChange(having(pick, 'plane', value))} />
        <WordsField label={t('hanging.pick.description')} hint={t('hanging.pick.descriptionExample')} value={pick.description_contains ?? []} isOff={isOff} onChange={(words) => onChange(having(pick, 'description_contains', words))} />
        <TextField label={t('hanging.pick.bodyPart')} value={pick.body_part ?? ''} isOff={isOff} onChange={(text) => onChange(having(pick, 'body_part', text))} />
        <Choice label={t('hanging.laterality')} none={any} options={SIDES.map((value) => ({ value, label: t(`hanging.side.${value}`) }))} value={pick.laterality as (typeof SIDES)[number]} isOff={isOff} onChange={(value) => onChange(having(pick, 'laterality', value))} />
        <WordsField label={t('hanging.pick.viewPosition')} hint={t('hanging.pick.viewPositionExample')} value={pick.view_position ?? []} isOff={isOff} onChange={(words) => onChange(having(pick, 'view_position', words.map((word) => word.toUpperCase())))} />
        <Choice label={t('hanging.pick.prefer')} none={t('hanging.pick.first')} options={PREFERS.map((value) => ({ value, label: t(`hanging.prefers.${value}`) }))} value={pick.prefer} isOff={isOff} onChange={(value) => onChange(having(pick, 'prefer', value))} />
      </div>
    </fieldset>
  );
}
