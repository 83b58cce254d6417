import { ActionIcon, Kbd, NumberInput, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { WindowPreset } from '@/lib/api/preferences';
import { useWords } from '@/lib/i18n';
import { isWhole } from './presets';
import styles from './Settings.module.css';

interface Props {
  preset: WindowPreset;
  /** The key that brings it; empty for those past the ninth. */
  digit: string;
  isFirst: boolean;
  isLast: boolean;
  onChange: (preset: WindowPreset) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** One window by name; what was typed counts when the field is left, or at Enter. */
export function PresetRow({ preset, digit, isFirst, isLast, onChange, onMove, onRemove }: Props) {
  const t = useWords();
  const [draft, setDraft] = useState<{ name: string; center: number | string; width: number | string }>(preset);
  const isChanged = draft.name !== preset.name || draft.center !== preset.center || draft.width !== preset.width;

  function keep(): void {
    if (isChanged && isWhole(draft)) onChange({ name: draft.name.trim(), center: Number(draft.center), width: Number(draft.width) });
  }
  const onKeyDown = (event: { key: string }) => event.key === 'Enter' && keep();
  const of = (words: string) => t('settings.presets.of', { what: words, name: preset.name });
  const wrong = isWhole(draft) ? undefined : t('settings.presets.incomplete');

  return (
    <tr>
      <td>{digit && <Kbd>{digit}</Kbd>}</td>
      <td>
        <TextInput
          aria-label={of(t('settings.presets.name'))}
          value={draft.name}
          maxLength={32}
          error={wrong}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          onBlur={keep}
          onKeyDown={onKeyDown}
        />
      </td>
      <td>
        <NumberInput aria-label={of(t('settings.presets.width'))} value={draft.width} min={1} hideControls onChange={(width) => setDraft({ ...draft, width })} onBlur={keep} onKeyDown={onKeyDown} />
      </td>
      <td>
        <NumberInput aria-label={of(t('settings.presets.center'))} value={draft.center} hideControls onChange={(center) => setDraft({ ...draft, center })} onBlur={keep} onKeyDown={onKeyDown} />
      </td>
      <td className={styles.rowActs}>
        <ActionIcon variant="subtle" aria-label={of(t('settings.up'))} disabled={isFirst} onClick={() => onMove(-1)}>
          <IconArrowUp size={16} stroke={1.5} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="subtle" aria-label={of(t('settings.down'))} disabled={isLast} onClick={() => onMove(1)}>
          <IconArrowDown size={16} stroke={1.5} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="subtle" aria-label={of(t('settings.remove'))} onClick={onRemove}>
          <IconX size={16} stroke={1.5} aria-hidden />
        </ActionIcon>
      </td>
    </tr>
  );
}
