import {
  IconAngle,
  IconArrowsMove,
  IconArrowUpRight,
  IconCube3dSphere,
  IconBrightnessHalf,
  IconCircle,
  IconContrast,
  IconContrast2,
  IconCrosshair,
  IconDeviceFloppy,
  IconFlipVertical,
  IconGeometry,
  IconGridPattern,
  IconLasso,
  IconLayoutDashboard,
  IconLayoutGrid,
  IconRuler2,
  IconLink,
  IconList,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlus,
  IconPointer,
  IconRectangle,
  IconRefresh,
  IconRotate360,
  IconRotateClockwise,
  IconStack2,
  IconWand,
  IconZoomIn,
  IconZoomScan,
  type TablerIcon,
} from '@tabler/icons-react';
import type { Links } from '@/lib/hanging/types';
import { useWords } from '@/lib/i18n';
import { hotkey } from '@/ui/hotkey';
import type { Hanging } from '../hanging/useHanging';
import type { Steered } from '../steering';
import { KEYS } from './keys';
import { countOf, LINK_KEYS, LINKS, MEASURES, type Tool, TOOL_KEYS } from './model';
import { servedHere } from './served';
import styles from './ToolRail.module.css';
import type { Cine } from './useCine';
import type { DeskState } from './useDesk';
import { toolsIn } from './useDeskKeys';

const ICONS: Record<Tool, TablerIcon> = {
  window: IconContrast,
  pan: IconArrowsMove,
  zoom: IconZoomIn,
  scroll: IconStack2,
  length: IconRuler2,
  bidirectional: IconPlus,
  angle: IconAngle,
  cobb: IconGeometry,
  ellipse: IconCircle,
  rectangle: IconRectangle,
  freehand: IconLasso,
  probe: IconPointer,
  arrow: IconArrowUpRight,
  crosshairs: IconCrosshair,
  rotate: IconRotate360,
};

const LINK_ICONS: Record<keyof Links, TablerIcon> = { scroll: IconLink, window: IconBrightnessHalf, zoom: IconZoomScan };

interface ActProps {
  icon: TablerIcon;
  name: string;
  keyed: string;
  isOn?: boolean;
  isOff?: boolean;
  onAct: () => void;
}

/** One tool; its name and its key are what the pointer, and who hears the page, is told. */
function Act({ icon: Icon, name, keyed, isOn, isOff, onAct }: ActProps) {
  return (
    <button type="button" className={styles.tool} {...hotkey(name, keyed)} aria-label={name} aria-pressed={isOn} disabled={isOff} onClick={onAct}>
      <Icon size={19} stroke={1.5} aria-hidden />
    </button>
  );
}

interface Props {
  desk: DeskState;
  view: Steered | null;
  cine: Cine;
  onSave: (() => void) | null;
  hanging: Hanging;
  onGrid: () => void;
  /** Null for images without values of their own. */
  onEnhance: (() => void) | null;
}

/** The tools of the desk, in the order in which a hand reaches for them. */
export function ToolRail({ desk, view, cine, onSave, hanging, onGrid, onEnhance }: Props) {
  const t = useWords();
  const tools = (list: readonly Tool[]) =>
    list.map((tool) => (
      <Act
        key={tool}
        icon={ICONS[tool]}
        name={t(`tools.${tool}`)}
        keyed={TOOL_KEYS[tool]}
        isOn={desk.tool === tool}
        onAct={() => desk.take(tool)}
      />
    ));
  const isStack = desk.mode === 'stack';
  const { drags, measures } = toolsIn(desk.mode);
  return (
    <div className={styles.rail} role="toolbar" aria-orientation="vertical" aria-label={t('tools.title')}>
      {tools(drags)}
      <hr />
      <Act icon={IconContrast2} name={t('keys.invert')} keyed={KEYS.invert} isOff={!view} onAct={() => view?.invert()} />
      {isStack && <Act icon={IconRotateClockwise} name={t('keys.turn')} keyed={KEYS.turn} isOff={!view} onAct={() => view?.turn()} />}
      {isStack && <Act icon={IconFlipVertical} name={t('keys.flip')} keyed={KEYS.flip} isOff={!view} onAct={() => view?.flip()} />}
      <Act icon={IconRefresh} name={t('keys.windowReset')} keyed={KEYS.reset} isOff={!view} onAct={() => view?.reset()} />
      {measures && <hr />}
      {measures && tools(MEASURES)}
      <hr />
      {isStack && <Act icon={cine.isRunning ? IconPlayerPause : IconPlayerPlay} name={t('tools.cine')} keyed={KEYS.cine} isOn={cine.isRunning} onAct={cine.toggle} />}
      {isStack && <Act icon={IconLayoutGrid} name={t('tools.grid')} keyed={KEYS.grid} onAct={onGrid} />}
      <Act icon={IconLayoutDashboard} name={t('tools.hanging')} keyed={KEYS.nextStage} isOn={hanging.laidOut !== null} onAct={hanging.next} />
      {isStack && countOf(desk.grid) > 1 &&
        LINKS.map((what) => (
          <Act key={what} icon={LINK_ICONS[what]} name={t(`tools.link.${what}`)} keyed={LINK_KEYS[what]} isOn={desk.links[what] ?? false} onAct={() => desk.toggleLink(what)} />
        ))}
      <Act icon={IconGridPattern} name={t('tools.planes')} keyed={KEYS.planes} isOn={desk.mode === 'planes'} onAct={() => desk.go('planes')} />
      <Act icon={IconCube3dSphere} name={t('tools.body')} keyed={KEYS.body} isOn={desk.mode === 'body'} onAct={() => desk.go('body')} />
      {onEnhance && <Act icon={IconWand} name={t('tools.enhance')} keyed={KEYS.enhance} isOn={desk.mode === 'enhance'} onAct={onEnhance} />}
      <hr />
      {!servedHere(desk.mode) && <Act icon={IconList} name={t('tools.findings')} keyed={KEYS.findings} isOn={desk.withFindings} onAct={desk.toggleFindings} />}
      {onSave && <Act icon={IconDeviceFloppy} name={t('tools.save')} keyed={KEYS.save} onAct={onSave} />}
    </div>
  );
}
