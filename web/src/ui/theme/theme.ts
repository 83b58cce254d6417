import { createTheme, type CSSVariablesResolver, defaultVariantColorsResolver } from '@mantine/core';

const ACCENT = 'accent';
const steps = Array.from({ length: 10 }, () => 'var(--lw-accent)');

/** Mantine's colours, all taken from our tokens: its own fail the contrast we ask for. */
const TOKENS: Record<string, string> = {
  '--mantine-color-body': 'var(--lw-ground)',
  '--mantine-color-text': 'var(--lw-text)',
  '--mantine-color-bright': 'var(--lw-text)',
  '--mantine-color-dimmed': 'var(--lw-quiet)',
  '--mantine-color-placeholder': 'var(--lw-quiet)',
  '--mantine-color-anchor': 'var(--lw-accent-text)',
  '--mantine-color-error': 'var(--lw-danger)',
  '--mantine-color-default': 'var(--lw-panel)',
  '--mantine-color-default-hover': 'var(--lw-raised)',
  '--mantine-color-default-color': 'var(--lw-text)',
  '--mantine-color-default-border': 'var(--lw-line)',
  '--mantine-color-disabled': 'var(--lw-raised)',
  '--mantine-color-disabled-color': 'var(--lw-quiet)',
  '--mantine-color-dark-4': 'var(--lw-line)',
  '--mantine-color-dark-5': 'var(--lw-raised)',
  '--mantine-color-dark-6': 'var(--lw-panel)',
  '--mantine-primary-color-filled': 'var(--lw-accent)',
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, dark: TOKENS, light: TOKENS });

export const theme = createTheme({
  primaryColor: ACCENT,
  colors: { [ACCENT]: steps as [string, ...string[]] as never },
  fontFamily: 'var(--lw-font)',
  fontFamilyMonospace: 'var(--lw-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  defaultRadius: 'sm',
  radius: { sm: '6px' },
  respectReducedMotion: true,
  variantColorResolver: (input) => {
    const base = defaultVariantColorsResolver(input);
    if (input.variant === 'filled') {
      return {
        ...base,
        background: 'var(--lw-accent)',
        hover: 'var(--lw-accent-text)',
        color: 'var(--lw-on-accent)',
        border: '1px solid transparent',
      };
    }
    if (input.variant === 'subtle') {
      return { ...base, background: 'transparent', hover: 'var(--lw-raised)', color: 'var(--lw-quiet)' };
    }
    return base;
  },
  components: {
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false, transitionProps: { duration: 80 } } },
    Popover: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'none' } },
    Select: { defaultProps: { comboboxProps: { transitionProps: { duration: 80 }, shadow: 'none' } } },
    Modal: { defaultProps: { transitionProps: { duration: 100, transition: 'fade' }, centered: true } },
  },
});
