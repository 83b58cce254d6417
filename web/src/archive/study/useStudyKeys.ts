import type { Series } from '@/lib/dicomweb/studies';
import type { TFunction } from '@/lib/i18n';
import type { KeyLine } from '@/ui/KeysHelp';
import { useKeys } from '@/ui/useKeys';
import { LINK_KEYS, LINKS, type Tool, TOOL_KEYS } from '@/viewer/desk/model';

interface Acts {
  onChoose: (uid: string) => void;
  onMark: () => void;
  onNextKey: () => void;
  onAttributes: () => void;
  onBack: () => void;
  onHelp: () => void;
}

export function useStudyKeys(series: Series[], current: string | null, acts: Acts): void {
  const { onChoose, onMark, onNextKey, onAttributes, onBack, onHelp } = acts;
  const at = series.findIndex((one) => one.uid === current);
  const step = (by: number) => {
    const other = series[at + by];
    if (other) onChoose(other.uid);
  };
  useKeys({
    ']': () => step(1),
    PageDown: () => step(1),
    '[': () => step(-1),
    PageUp: () => step(-1),
    m: onMark,
    n: onNextKey,
    i: onAttributes,
    Escape: onBack,
    '?': onHelp,
  });
}

export function studyKeyLines(t: TFunction): KeyLine[] {
  return [
    { keys: ['↓', '→', 'j'], does: t('keys.nextImage') },
    { keys: ['↑', '←', 'k'], does: t('keys.previousImage') },
    { keys: ['Home'], does: t('keys.firstImage') },
    { keys: ['End'], does: t('keys.lastImage') },
    { keys: [']', 'PgDn'], does: t('keys.nextSeries') },
    { keys: ['[', 'PgUp'], does: t('keys.previousSeries') },
    { keys: [t('keys.drag')], does: t('keys.window') },
    { keys: ['1–9'], does: t('keys.presets') },
    { keys: ['v'], does: t('keys.invert') },
    { keys: ['+', '-', t('keys.rightDrag')], does: t('keys.zoom') },
    { keys: [t('keys.middleDrag')], does: t('keys.pan') },
    { keys: ['t'], does: t('keys.turn') },
    { keys: ['h'], does: t('keys.flip') },
    { keys: ['r', t('keys.doubleClick')], does: t('keys.windowReset') },
    ...(Object.entries(TOOL_KEYS) as [Tool, string][]).filter(([tool]) => tool !== 'window').map(([tool, key]) => ({ keys: [key], does: t(`tools.${tool}`) })),
    { keys: ['Del'], does: t('measure.remove') },
    { keys: ['s'], does: t('measure.save') },
    { keys: ['o'], does: t('tools.findings') },
    { keys: ['Space'], does: t('tools.cine') },
    { keys: ['y'], does: t('tools.grid') },
    { keys: ['.', ','], does: t('tools.hanging') },
    ...LINKS.map((what) => ({ keys: [LINK_KEYS[what]], does: t(`tools.link.${what}`) })),
    { keys: ['g'], does: t('tools.planes') },
    { keys: ['d'], does: t('tools.body') },
    { keys: ['z'], does: t('tools.enhance') },
    { keys: ['n'], does: t('keyImages.next') },
    { keys: ['m'], does: t('keyImages.mark') },
    { keys: ['i'], does: t('study.attributes') },
    { keys: ['Esc'], does: t('keys.back') },
    { keys: ['?'], does: t('keys.help') },
  ];
}
